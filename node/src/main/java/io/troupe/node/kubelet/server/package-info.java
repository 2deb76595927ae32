/**
 * The kubelet's own API on port 10250: logs, exec, attach, port-forward, stats, metrics. Only the
 * API server and whoever the cluster authorizes may use it.
 */
package io.troupe.node.kubelet.server;
