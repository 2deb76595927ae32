/**
 * A Kubernetes node: {@code kubelet}, {@code runtime} (CRI, CNI), {@code proxy} (nftables) and
 * {@code dns}.
 */
package io.troupe.node;
