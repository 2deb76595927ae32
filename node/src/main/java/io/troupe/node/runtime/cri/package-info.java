/**
 * A CRI runtime over gRPC on a Unix socket. {@code Cri} and {@code ContainerdEvents} are generated;
 * method names are written down in {@code CriRuntime} rather than generated as stubs. containerd's
 * event stream is used, where present, to hear of exits at once; CRI's own is not in 1.6.
 */
package io.troupe.node.runtime.cri;
