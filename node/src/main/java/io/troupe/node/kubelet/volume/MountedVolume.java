package io.troupe.node.kubelet.volume;

import java.nio.file.Path;

/** Where a volume is on the node, and whether the whole of it is read-only. */
public record MountedVolume(String name, Path path, boolean readOnly) {}
