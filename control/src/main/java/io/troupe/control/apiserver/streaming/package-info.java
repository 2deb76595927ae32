/**
 * Relays to kubelets and proxied backends: logs, exec, attach, port-forward, and the {@code proxy}
 * subresources. After an upgrade both directions are piped as raw bytes, so WebSocket and SPDY pass
 * alike.
 */
package io.troupe.control.apiserver.streaming;
