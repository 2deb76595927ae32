package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a pod's spec. */
public final class PodSpec {
  private PodSpec() {}

  public static List<JsonNode> initContainers(JsonNode pod) {
    return Json.items(pod, "spec", "initContainers");
  }

  public static List<JsonNode> containers(JsonNode pod) {
    return Json.items(pod, "spec", "containers");
  }

  public static List<JsonNode> ephemeralContainers(JsonNode pod) {
    return Json.items(pod, "spec", "ephemeralContainers");
  }

  public static Stream<JsonNode> allContainers(JsonNode pod) {
    return Stream.of(initContainers(pod), containers(pod), ephemeralContainers(pod))
        .flatMap(List::stream);
  }

  public static Optional<JsonNode> container(JsonNode pod, String name) {
    return allContainers(pod).filter(c -> name(c).equals(name)).findFirst();
  }

  public static String name(JsonNode container) {
    return Json.text(container, "name");
  }

  /** An init container that runs as long as the pod does (KEP-753). */
  public static boolean isSidecar(JsonNode initContainer) {
    return Json.text(initContainer, "restartPolicy").equals("Always");
  }

  public static boolean isSidecar(JsonNode pod, String name) {
    return initContainers(pod).stream().anyMatch(c -> name(c).equals(name) && isSidecar(c));
  }

  public static String restartPolicy(JsonNode pod) {
    String policy = Json.text(pod, "spec", "restartPolicy");
    return policy.isEmpty() ? "Always" : policy;
  }

  /** A container's own policy, where it has one, or the pod's. */
  public static String restartPolicy(JsonNode pod, JsonNode container) {
    String own = Json.text(container, "restartPolicy");
    return own.isEmpty() ? restartPolicy(pod) : own;
  }

  public static boolean isHostNetwork(JsonNode pod) {
    return Json.flag(pod, false, "spec", "hostNetwork");
  }

  /** {@code name_namespace(uid)}, as messages write it. */
  public static String format(JsonNode pod) {
    return Meta.name(pod) + "_" + Meta.namespace(pod) + "(" + Meta.uid(pod) + ")";
  }

  public static boolean hasProbe(JsonNode container, String kind) {
    return container.path(kind).isObject();
  }
}
