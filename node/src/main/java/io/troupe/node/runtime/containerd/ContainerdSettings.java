package io.troupe.node.runtime.containerd;

import java.nio.file.Path;
import java.util.List;

/**
 * How our containerd is set up.
 *
 * @param binary name or path of containerd; {@code ctr} and the shim are looked for beside it
 * @param sandboxImage reference of the pause image
 * @param cniConfDir where the network part writes its configuration
 * @param registryConfigDir {@code hosts.toml} files for registry mirrors, or null
 */
public record ContainerdSettings(
    String binary,
    String sandboxImage,
    List<Path> cniBinDirs,
    Path cniConfDir,
    Path registryConfigDir) {

  public static ContainerdSettings of(Path cniConfDir) {
    return new ContainerdSettings(
        "containerd",
        PauseImage.REFERENCE,
        List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin")),
        cniConfDir,
        null);
  }
}
