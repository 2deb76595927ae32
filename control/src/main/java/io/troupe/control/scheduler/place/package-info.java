/**
 * Placement as a pure function: from a snapshot and a pod to a node, or to the reasons why there is
 * none. Stands for kube-scheduler's filter, score and preemption plugins.
 *
 * <p>{@link io.troupe.control.scheduler.place.Placer} walks over nodes from where the last walk
 * ended until enough feasible ones are found (the same share as upstream's), and scores those. What
 * depends on the pod's shape alone is prepared once per shape, in a {@link
 * io.troupe.control.scheduler.place.ShapePlan}; the verdict of a shape on a node's labels, taints
 * and images is remembered until the node changes. Per node and pod remain a few comparisons and
 * array reads.
 *
 * <p>Left out: dynamic resource allocation, limits on attached volumes (CSINode), and storage
 * capacity tracking.
 */
package io.troupe.control.scheduler.place;
