package io.troupe.cli.command;

import io.troupe.node.runtime.containerd.Containerd;
import io.troupe.node.runtime.containerd.ContainerdSettings;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    unmount(root);
  }

  /** Volumes of ended pods are still mounted; the innermost go first. */
  private static void unmount(Path root) throws IOException {
    List<String> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String target = line.split(" ")[1].replace("\\040", " ");
      if (Path.of(target).startsWith(root)) {
        mounts.add(target);
      }
    }
    for (String mount : mounts.reversed()) {
      try {
        new ProcessBuilder("umount", "-l", mount).inheritIO().start().waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
