/**
 * Pod networking of a node: the CNI configuration (bridge, host-local, portmap), kernel switches,
 * masquerading of pod traffic that leaves the cluster, and routes to the pods of the other nodes.
 *
 * <p>Stands for what a CNI installer such as kindnet or flannel's {@code host-gw} mode does. Left
 * out: overlays; nodes must reach one another on one link.
 */
package io.troupe.node.network;
