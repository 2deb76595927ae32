/**
 * Pods and nodes as the scheduler reads them: parsed once per change, immutable, and with selectors
 * compiled.
 *
 * <p>Pods of one workload share a {@link io.troupe.control.scheduler.model.PodShape}: everything
 * that decides where they may run. Whatever is computed for a shape serves all of its pods.
 */
package io.troupe.control.scheduler.model;
