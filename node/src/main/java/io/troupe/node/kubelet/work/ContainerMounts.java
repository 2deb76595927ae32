package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.container.ConfigProblem;
import io.troupe.node.kubelet.container.ContainerConfigs;
import io.troupe.node.kubelet.container.HostsFile;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.volume.MountedVolume;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A container's mounts: its volumes, the hosts file, the termination message file. */
final class ContainerMounts {
  private static final String ETC_HOSTS = "/etc/hosts";

  private final NodeContext context;
  private final JsonNode pod;
  private final Map<String, MountedVolume> volumes;

  ContainerMounts(NodeContext context, JsonNode pod, Map<String, MountedVolume> volumes) {
    this.context = context;
    this.pod = pod;
    this.volumes = volumes;
  }

  List<Cri.Mount> of(
      JsonNode container, int restartCount, Map<String, String> environment, List<String> podIps) {
    List<Cri.Mount> mounts = new ArrayList<>();
    boolean ownHosts = false;
    for (JsonNode mount : Json.items(container, "volumeMounts")) {
      ownHosts |= Json.text(mount, "mountPath").equals(ETC_HOSTS);
      mounts.add(volume(container, mount, environment));
    }
    try {
      if (!ownHosts && (!podIps.isEmpty() || PodSpec.isHostNetwork(pod))) {
        mounts.add(mount(ETC_HOSTS, hosts(podIps), false));
      }
      String message = Json.text(container, "terminationMessagePath");
      if (!message.isEmpty()) {
        mounts.add(mount(message, messageFile(container, restartCount), false));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return mounts;
  }

  private static Cri.Mount mount(String at, Path from, boolean readOnly) {
    return Cri.Mount.newBuilder()
        .setContainerPath(at)
        .setHostPath(from.toString())
        .setReadonly(readOnly)
        .build();
  }

  private Cri.Mount volume(JsonNode container, JsonNode mount, Map<String, String> environment) {
    String name = Json.text(mount, "name");
    MountedVolume volume = volumes.get(name);
    if (volume == null) {
      throw new ConfigProblem(
          "cannot find volume \""
              + name
              + "\" to mount into container \""
              + PodSpec.name(container)
              + "\"");
    }
    String path = Json.text(mount, "mountPath");
    boolean readOnly = volume.readOnly() || Json.flag(mount, false, "readOnly");
    return mount(
            path.startsWith("/") ? path : "/" + path,
            source(container, mount, volume, environment),
            readOnly)
        .toBuilder()
        .setPropagation(
            switch (Json.text(mount, "mountPropagation")) {
              case "HostToContainer" -> Cri.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
              case "Bidirectional" -> Cri.MountPropagation.PROPAGATION_BIDIRECTIONAL;
              default -> Cri.MountPropagation.PROPAGATION_PRIVATE;
            })
        .build();
  }

  private static Path source(
      JsonNode container, JsonNode mount, MountedVolume volume, Map<String, String> environment) {
    String subPath = Json.text(mount, "subPath");
    String expression = Json.text(mount, "subPathExpr");
    if (!expression.isEmpty()) {
      subPath = ContainerConfigs.expand(expression, environment);
      if (subPath.contains("$(")) {
        throw new ConfigProblem("missing value for \"" + expression + "\"");
      }
    }
    if (subPath.isEmpty()) {
      return volume.path();
    }
    return SubPaths.resolve(volume.path(), subPath, volume.name(), PodSpec.name(container));
  }

  private Path hosts(List<String> podIps) throws IOException {
    Path file = context.volumes().podDir(Meta.uid(pod)).resolve("etc-hosts");
    String text =
        PodSpec.isHostNetwork(pod)
            ? HostsFile.ofHostNetwork(pod, Files.readString(Path.of(ETC_HOSTS)))
            : HostsFile.of(pod, podIps, context.dns().clusterDomain());
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setAttribute(file, "unix:mode", 0644);
    return file;
  }

  private Path messageFile(JsonNode container, int restartCount) throws IOException {
    Path file =
        context
            .volumes()
            .podDir(Meta.uid(pod))
            .resolve("containers")
            .resolve(PodSpec.name(container))
            .resolve("termination-" + restartCount);
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.createFile(file);
    // Any user of the container may write its last words.
    Files.setAttribute(file, "unix:mode", 0666);
    return file;
  }
}
