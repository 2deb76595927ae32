package io.troupe.cli.command;

import io.troupe.node.runtime.containerd.Containerd;
import io.troupe.node.runtime.containerd.ContainerdSettings;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ends what a node left running: its pods, then its containerd. */
final class PodEnd {
  private PodEnd() {}

  static void end(Path root) throws IOException {
    Path folder = root.resolve("containerd");
    if (!Files.isDirectory(folder)) {
      return;
    }
    Containerd containerd = Containerd.start(folder, ContainerdSettings.of(root.resolve("cni/conf")));
    try (CriRuntime runtime = new CriRuntime(containerd.socket())) {
      for (var sandbox : runtime.sandboxes("")) {
        runtime.stopSandbox(sandbox.getId());
        runtime.removeSandbox(sandbox.getId());
      }
    }
    containerd.stop();
  }
}
