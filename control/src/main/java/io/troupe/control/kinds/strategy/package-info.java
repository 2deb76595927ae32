/**
 * What a kind brings besides its schema: a {@link io.troupe.control.kinds.strategy.Strategy}, a
 * record of pure functions over JSON trees (upstream's {@code defaults.go}, {@code validation.go},
 * {@code strategy.go} and {@code printers.go} of one kind).
 *
 * <p>Functions that change a tree get one that the decider owns; {@code old} is never changed, and
 * its subtrees may be shared into the new object because nothing changes an object after the
 * decision.
 */
package io.troupe.control.kinds.strategy;
