package io.troupe.node.kubelet.work;

import io.troupe.node.kubelet.container.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths inside volumes, which must not lead out of them, whatever links a container left there. */
final class SubPaths {
  private SubPaths() {}

  static Path resolve(Path volume, String subPath, String volumeName, String container) {
    Path relative = Path.of(subPath);
    if (relative.isAbsolute()) {
      throw new ConfigProblem("error SubPath `" + subPath + "` must not be an absolute path");
    }
    for (Path step : relative) {
      if (step.toString().equals("..")) {
        throw new ConfigProblem(
            "unable to provision SubPath `" + subPath + "`: must not contain '..'");
      }
    }
    try {
      Path root = volume.toRealPath();
      Path here = root;
      for (Path step : relative) {
        Path next = here.resolve(step);
        if (!Files.exists(next)) {
          Files.createDirectory(next);
          Files.setAttribute(
              next, "unix:mode", (int) Files.getAttribute(root, "unix:mode") & 07777);
        }
        here = next.toRealPath();
        if (!here.startsWith(root)) {
          throw new IOException("leaves the volume");
        }
      }
      return here;
    } catch (IOException e) {
      // The details could tell about the node's file system.
      throw new ConfigProblem(
          "failed to prepare subPath for volumeMount \""
              + volumeName
              + "\" of container \""
              + container
              + "\"");
    }
  }
}
