/**
 * Pods being worked: one actor per pod ({@link io.troupe.node.kubelet.work.PodActor}) asks the pure
 * decider in {@code pod} and has a virtual thread do the actions ({@link
 * io.troupe.node.kubelet.work.PodStep}) against runtime, volumes and cgroups; results and news from
 * the runtime and the API come back as messages. Statuses are written by {@link
 * io.troupe.node.kubelet.work.StatusWriter}, newest only.
 */
package io.troupe.node.kubelet.work;
