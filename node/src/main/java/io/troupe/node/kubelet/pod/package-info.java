/**
 * One pod's life, decided purely: what the runtime has ({@link
 * io.troupe.node.kubelet.pod.PodState}) and what the pod wants go in, the next actions ({@link
 * io.troupe.node.kubelet.pod.PodWorker}) and the pod's status ({@link
 * io.troupe.node.kubelet.pod.PodStatus}) come out. No clock, no IO.
 *
 * <p>Stands for computePodActions, getPhase and the status generation of the kubelet. Left out:
 * static pods' mirror pods, container restart rules, RestartAllContainers.
 */
package io.troupe.node.kubelet.pod;
