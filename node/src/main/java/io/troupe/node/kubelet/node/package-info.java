/**
 * The node in the API: its registration, its status with capacity and conditions, and the Lease
 * that says that it lives. Also which pods the node accepts.
 */
package io.troupe.node.kubelet.node;
