/**
 * Probes and lifecycle hooks: exec, HTTP, TCP and gRPC calls to containers, thresholds as a pure
 * count ({@link io.troupe.node.kubelet.probe.ProbeTally}), one virtual thread for each probe of
 * each running container. Results that change go to the pod's actor.
 */
package io.troupe.node.kubelet.probe;
