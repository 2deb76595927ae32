/**
 * The life of nodes as the control plane sees it: heartbeats, taints, eviction of pods from bad
 * nodes, and removal of pods that no node will ever finish.
 *
 * <p>In: nodes, their leases, pods. Out: the conditions of silent nodes, the taints {@code
 * not-ready}, {@code unreachable} and those of conditions, readiness and deletion of pods. The pace
 * of NoExecute taints is computed from the times of those that are there, so it needs no counter
 * and survives restarts.
 */
package io.troupe.control.controllers.node;
