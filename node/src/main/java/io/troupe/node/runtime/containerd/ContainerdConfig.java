package io.troupe.node.runtime.containerd;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes containerd's TOML: schema version 2 for containerd 1.x, 3 for 2.x. {@code
 * restrict_oom_score_adj} lets it work where CAP_SYS_RESOURCE is missing.
 */
final class ContainerdConfig {
  private ContainerdConfig() {}

  static String of(int majorVersion, Path dir, ContainerdSettings settings) {
    return majorVersion >= 2 ? version3(dir, settings) : version2(dir, settings);
  }

  private static String head(int version, Path dir) {
    return """
    version = %d
    root = "%s/root"
    state = "%s/state"
    [grpc]
      address = "%s"
    [plugins."io.containerd.internal.v1.opt"]
      path = "%s/opt"
    """
        .formatted(version, dir, dir, Containerd.socket(dir), dir);
  }

  private static String version2(Path dir, ContainerdSettings settings) {
    // 1.x knows one directory of plugins only.
    Path cniBin =
        settings.cniBinDirs().stream()
            .filter(Files::isDirectory)
            .findFirst()
            .orElse(settings.cniBinDirs().getFirst());
    return head(2, dir)
        + """
    [plugins."io.containerd.grpc.v1.cri"]
      sandbox_image = "%s"
      restrict_oom_score_adj = true
      enable_unprivileged_ports = true
      enable_unprivileged_icmp = true
      stream_server_address = "127.0.0.1"
      stream_server_port = "0"
      [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "%s"
        conf_dir = "%s"
      [plugins."io.containerd.grpc.v1.cri".containerd]
        snapshotter = "overlayfs"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
          runtime_type = "io.containerd.runc.v2"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
            SystemdCgroup = false
    """
            .formatted(settings.sandboxImage(), cniBin, settings.cniConfDir())
        + registry("io.containerd.grpc.v1.cri", settings);
  }

  private static String version3(Path dir, ContainerdSettings settings) {
    String binDirs =
        String.join(", ", settings.cniBinDirs().stream().map(p -> "\"" + p + "\"").toList());
    return head(3, dir)
        + """
    [plugins."io.containerd.cri.v1.images"]
      snapshotter = "overlayfs"
      [plugins."io.containerd.cri.v1.images".pinned_images]
        sandbox = "%s"
    [plugins."io.containerd.cri.v1.runtime"]
      restrict_oom_score_adj = true
      [plugins."io.containerd.cri.v1.runtime".cni]
        bin_dirs = [%s]
        conf_dir = "%s"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"
        [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
          SystemdCgroup = false
    [plugins."io.containerd.grpc.v1.cri"]
      stream_server_address = "127.0.0.1"
      stream_server_port = "0"
    """
            .formatted(settings.sandboxImage(), binDirs, settings.cniConfDir())
        + registry("io.containerd.cri.v1.images", settings);
  }

  private static String registry(String plugin, ContainerdSettings settings) {
    return settings.registryConfigDir() == null
        ? ""
        : """
    [plugins."%s".registry]
      config_path = "%s"
    """
            .formatted(plugin, settings.registryConfigDir());
  }
}
