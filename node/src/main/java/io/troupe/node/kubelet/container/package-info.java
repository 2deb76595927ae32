/**
 * What the runtime is told: from a pod's spec to the CRI configuration of its sandbox and
 * containers. Environment, downward API, security context, resources, DNS and hosts file. All pure;
 * what must be fetched (config maps, secrets) is handed in.
 *
 * <p>Stands for kuberuntime's config generation, envvars and dns of the kubelet. Left out: Windows,
 * user namespaces, devices, AppArmor, SELinux, swap, memory QoS.
 */
package io.troupe.node.kubelet.container;
