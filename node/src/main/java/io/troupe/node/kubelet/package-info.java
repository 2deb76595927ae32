/**
 * The kubelet: {@link io.troupe.node.kubelet.Kubelet} registers the node, follows the pods bound to
 * it and works them. {@code pod} decides, {@code work} acts, {@code container}, {@code volume},
 * {@code probe}, {@code cgroup} and {@code event} are what it acts with, {@code node} speaks for
 * the node, {@code server} answers the API server on port 10250.
 *
 * <p>Stands for cmd/kubelet and pkg/kubelet. The API is reached through {@code KubeClient} and
 * {@code ClusterView} only. Left out: static pods, evictions by resource pressure, device and CPU
 * managers, dynamic resource allocation, in-place resize.
 */
package io.troupe.node.kubelet;
