package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.pod.ContainerHash;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.cri.Cri;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container as the runtime is told to make it. */
public final class ContainerConfigs {
  private final JsonNode pod;
  private final NodeFacts node;
  private final Sources sources;
  private final List<String> podIps;

  public ContainerConfigs(JsonNode pod, NodeFacts node, Sources sources, List<String> podIps) {
    this.pod = pod;
    this.node = node;
    this.sources = sources;
    this.podIps = podIps;
  }

  /** The container's variables; their values also expand in command, arguments and sub-paths. */
  public Map<String, String> environment(JsonNode container) {
    return Environment.of(pod, container, new DownwardApi(pod, node, podIps), sources);
  }

  /**
   * The configuration.
   *
   * @param image that is present
   * @param targetId for an ephemeral container, the container whose processes it sees, or ""
   */
  public Cri.ContainerConfig of(
      JsonNode container,
      int restartCount,
      Cri.Image image,
      Map<String, String> environment,
      List<Cri.Mount> mounts,
      String targetId) {
    String name = PodSpec.name(container);
    var config =
        Cri.ContainerConfig.newBuilder()
            .setMetadata(Cri.ContainerMetadata.newBuilder().setName(name).setAttempt(restartCount))
            .setImage(
                Cri.ImageSpec.newBuilder()
                    .setImage(image.getId())
                    .setUserSpecifiedImage(Json.text(container, "image")))
            .addAllCommand(expanded(container, "command", environment))
            .addAllArgs(expanded(container, "args", environment))
            .setWorkingDir(Json.text(container, "workingDir"))
            .addAllMounts(mounts)
            .setLogPath(name + "/" + restartCount + ".log")
            .setStdin(Json.flag(container, false, "stdin"))
            .setStdinOnce(Json.flag(container, false, "stdinOnce"))
            .setTty(Json.flag(container, false, "tty"))
            .setLinux(
                Cri.LinuxContainerConfig.newBuilder()
                    .setResources(ResourceLimits.of(pod, container, node))
                    .setSecurityContext(
                        new SecurityOptions(pod).container(container, image, targetId)));
    environment.forEach(
        (key, value) ->
            config.addEnvs(
                Cri.KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value))));
    labels(container, restartCount, config);
    return config.build();
  }

  private static List<String> expanded(
      JsonNode container, String field, Map<String, String> environment) {
    return Json.items(container, field).stream()
        .map(word -> expand(word.asText(), environment))
        .toList();
  }

  /** Expands {@code $(NAME)}. */
  public static String expand(String text, Map<String, String> environment) {
    return Expansion.expand(text, name -> Optional.ofNullable(environment.get(name)));
  }

  private void labels(JsonNode container, int restartCount, Cri.ContainerConfig.Builder config) {
    config
        .putLabels(PodLabels.POD_NAME, Meta.name(pod))
        .putLabels(PodLabels.POD_NAMESPACE, Meta.namespace(pod))
        .putLabels(PodLabels.POD_UID, Meta.uid(pod))
        .putLabels(PodLabels.CONTAINER_NAME, PodSpec.name(container))
        .putAnnotations(PodLabels.HASH, ContainerHash.of(container))
        .putAnnotations(PodLabels.RESTART_COUNT, Integer.toString(restartCount))
        .putAnnotations(
            PodLabels.TERMINATION_MESSAGE_PATH, Json.text(container, "terminationMessagePath"))
        .putAnnotations(
            PodLabels.TERMINATION_MESSAGE_POLICY, Json.text(container, "terminationMessagePolicy"));
    grace(Json.at(pod, "metadata", "deletionGracePeriodSeconds"))
        .ifPresent(grace -> config.putAnnotations(PodLabels.POD_DELETION_GRACE, grace));
    grace(Json.at(pod, "spec", "terminationGracePeriodSeconds"))
        .ifPresent(grace -> config.putAnnotations(PodLabels.POD_TERMINATION_GRACE, grace));
    JsonNode preStop = Json.at(container, "lifecycle", "preStop");
    if (preStop.isObject()) {
      config.putAnnotations(PodLabels.PRE_STOP, preStop.toString());
    }
    if (container.has("ports")) {
      config.putAnnotations(PodLabels.PORTS, container.get("ports").toString());
    }
  }

  private static Optional<String> grace(JsonNode seconds) {
    return seconds.isNumber() ? Optional.of(seconds.asText()) : Optional.empty();
  }
}
