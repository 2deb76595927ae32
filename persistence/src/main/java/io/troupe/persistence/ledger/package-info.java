/**
 * Single-writer allocations: one event-sourced actor per ledger, under Cluster Sharding, its
 * persistence id {@code ledger|sort|name}.
 *
 * <p>An event is one grant or release; every so many events it is the whole image instead, and
 * recovery reads from the newest image on. Left out: what a claim means, which is the business of
 * each sort's {@link io.troupe.persistence.store.Ledgers.Rule}.
 */
package io.troupe.persistence.ledger;
