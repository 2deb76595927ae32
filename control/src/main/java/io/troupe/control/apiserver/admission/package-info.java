/**
 * Admission that depends on who asks: NodeRestriction, which holds a node to its own Node, its own
 * pods and their tokens (plugin/pkg/admission/noderestriction).
 *
 * <p>It stands around the kinds' {@link io.troupe.persistence.store.Decider}, so that it sees the
 * object before and after the change, inside the object's actor, without a race. Left out: the
 * admission of kinds ({@code control.kinds.admit}), webhooks.
 */
package io.troupe.control.apiserver.admission;
