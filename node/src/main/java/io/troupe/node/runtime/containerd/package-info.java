/**
 * A containerd of our own: configuration, start, adoption after a restart of the JVM, and the pause
 * image, which is assembled here so that no registry is needed. Everything lives under one
 * directory; only the shims' sockets are where containerd puts them ({@code /run/containerd/s}).
 */
package io.troupe.node.runtime.containerd;
