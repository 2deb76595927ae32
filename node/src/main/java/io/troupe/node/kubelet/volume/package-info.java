/**
 * A pod's volumes as directories on the node: emptyDir, hostPath, configMap, secret, downwardAPI,
 * projected, and claims bound to hostPath or local persistent volumes.
 *
 * <p>Stands for the kubelet's volume manager and in-tree plugins. Contents of API objects are
 * written by {@link io.troupe.node.kubelet.volume.AtomicWriter}, so that a reader sees all of an
 * update or none. Left out, and refused with an event: CSI and every network file system.
 */
package io.troupe.node.kubelet.volume;
