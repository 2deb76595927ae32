/**
 * What runs containers, as the kubelet sees it: {@link io.troupe.node.runtime.ContainerRuntime}.
 *
 * <p>Stands for Kubernetes' container runtime interface. The vocabulary is CRI's own messages
 * ({@code Cri}, generated from {@code cri.proto}), which are immutable values, so that nothing is
 * translated twice. Implementations: {@code cri} speaks to containerd or any other CRI runtime,
 * {@code simulated} has pods run in memory for scale tests; one contract test holds both. {@code
 * containerd} starts and adopts a containerd of our own. Left out: Windows, CDI devices, user
 * namespaces.
 */
package io.troupe.node.runtime;
