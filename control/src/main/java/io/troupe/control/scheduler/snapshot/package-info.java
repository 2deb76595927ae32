/**
 * The scheduler's picture of the cluster, kept up to date in O(change).
 *
 * <p>{@link io.troupe.control.scheduler.snapshot.Snapshot} holds every node with the sums of what
 * runs on it. Questions that need many pods at once (how many pods that match this selector run in
 * each zone?) are {@link io.troupe.control.scheduler.snapshot.PodCounter}s and {@link
 * io.troupe.control.scheduler.snapshot.DomainCounter}s: registered when a placement first asks,
 * then updated with each pod that comes or goes, so that no placement ever walks over all pods.
 * They work on shapes, not pods: a selector is matched once per workload.
 *
 * <p>Nodes have slots, small numbers that index the counters' arrays. Nothing here is thread-safe:
 * one scheduler owns one snapshot.
 */
package io.troupe.control.scheduler.snapshot;
