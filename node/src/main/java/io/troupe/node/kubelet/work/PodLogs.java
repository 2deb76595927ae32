package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.kubelet.pod.ContainerState;
import io.troupe.node.kubelet.pod.PodState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Where a pod's logs are. */
final class PodLogs {
  private PodLogs() {}

  /** Deletes the logs of one container that was removed. */
  static void removeOne(KubeletSettings settings, JsonNode pod, ContainerState container) {
    try {
      Files.deleteIfExists(link(settings, pod, container));
      Path dir = dir(settings, pod).resolve(container.name());
      if (!Files.isDirectory(dir)) {
        return;
      }
      try (var logs = Files.newDirectoryStream(dir, container.restartCount() + ".log*")) {
        for (Path log : logs) {
          Files.deleteIfExists(log);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path dir(KubeletSettings settings, JsonNode pod) {
    return settings
        .podLogs()
        .resolve(Meta.namespace(pod) + "_" + Meta.name(pod) + "_" + Meta.uid(pod));
  }

  private static Path link(KubeletSettings settings, JsonNode pod, ContainerState c) {
    String name = Meta.name(pod) + "_" + Meta.namespace(pod) + "_" + c.name() + "-" + c.id();
    return settings.containerLogs().resolve(name + ".log");
  }

  /** Deletes the logs of a pod that is gone, and the links to them. */
  static void remove(KubeletSettings settings, JsonNode pod, PodState state) {
    try {
      for (ContainerState c : state.containers()) {
        Files.deleteIfExists(link(settings, pod, c));
      }
      Path dir = dir(settings, pod);
      if (!Files.isDirectory(dir)) {
        return;
      }
      try (var walk = Files.walk(dir)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
