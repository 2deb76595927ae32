/**
 * Pods, and pod templates inside workloads: defaults, validation, what an update may change,
 * subresources, quality of service and columns.
 */
package io.troupe.control.kinds.pod;
