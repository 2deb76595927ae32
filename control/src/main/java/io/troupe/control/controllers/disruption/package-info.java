/**
 * Says in each {@code PodDisruptionBudget}'s status how many of its pods may be evicted now
 * (upstream's disruption controller). The eviction subresource reads that number.
 *
 * <p>Left out: resetting a stale {@code DisruptionTarget} condition of pods that were not deleted
 * after all, and custom resources with a scale as owners of pods.
 */
package io.troupe.control.controllers.disruption;
