package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A pod's conditions: the kubelet's own are made, those of others are kept. */
final class PodConditions {
  private static final Set<String> OWN =
      Set.of(
          "PodScheduled", "Ready", "Initialized", "ContainersReady", "PodReadyToStartContainers");

  private final StatusInput in;
  private final String phase;
  private final List<JsonNode> statuses;
  private final ArrayNode conditions = Json.array();

  private record Condition(boolean status, String reason, String message) {
    static final Condition TRUE = new Condition(true, "", "");
  }

  private PodConditions(StatusInput in, String phase, List<JsonNode> statuses) {
    this.in = in;
    this.phase = phase;
    this.statuses = statuses;
  }

  static ArrayNode of(StatusInput in, String phase, List<JsonNode> containerStatuses) {
    PodConditions made = new PodConditions(in, phase, containerStatuses);
    // The API's are newer than what we told: a readiness gate is set by others.
    Json.items(in.pod(), "status", "conditions").stream()
        .filter(c -> !OWN.contains(Json.text(c, "type")))
        .forEach(made.conditions::add);
    Condition containersReady = made.containersReady();
    made.add("PodReadyToStartContainers", made.readyToStart());
    made.add("Initialized", made.initialized());
    made.add("Ready", made.ready(containersReady));
    made.add("ContainersReady", containersReady);
    made.add("PodScheduled", Condition.TRUE);
    return made.conditions;
  }

  private void add(String type, Condition condition) {
    ObjectNode node = conditions.addObject();
    String status = condition.status() ? "True" : "False";
    node.put("type", type).put("status", status).putNull("lastProbeTime");
    if (in.pod().path("metadata").has("generation")) {
      node.put("observedGeneration", Meta.generation(in.pod()));
    }
    JsonNode before = condition(in.told(), type);
    boolean same = before != null && Json.text(before, "status").equals(status);
    node.put(
        "lastTransitionTime",
        same ? Json.text(before, "lastTransitionTime") : ContainerStatuses.time(in.now()));
    if (!condition.reason().isEmpty()) {
      node.put("reason", condition.reason());
    }
    if (!condition.message().isEmpty()) {
      node.put("message", condition.message());
    }
  }

  private static JsonNode condition(JsonNode status, String type) {
    return Json.items(status, "conditions").stream()
        .filter(c -> Json.text(c, "type").equals(type))
        .findFirst()
        .orElse(null);
  }

  private Condition readyToStart() {
    return in.state()
        .sandboxProblem(in.pod())
        .map(why -> new Condition(false, "PodSandboxNotReady", why))
        .orElse(Condition.TRUE);
  }

  private JsonNode status(JsonNode container) {
    return statuses.stream()
        .filter(s -> Json.text(s, "name").equals(PodSpec.name(container)))
        .findFirst()
        .orElse(Json.object());
  }

  private Condition initialized() {
    List<String> incomplete =
        PodSpec.initContainers(in.pod()).stream()
            .filter(c -> !Json.flag(status(c), false, PodSpec.isSidecar(c) ? "started" : "ready"))
            .map(PodSpec::name)
            .toList();
    if (phase.equals("Succeeded")) {
      return new Condition(true, "PodCompleted", "");
    }
    boolean anyMainStarted =
        PodSpec.containers(in.pod()).stream()
            .map(this::status)
            .anyMatch(
                s ->
                    Json.at(s, "state", "running").isObject()
                        || Json.at(s, "state", "terminated").isObject()
                        || Json.at(s, "lastState", "terminated").isObject());
    if (incomplete.isEmpty() || anyMainStarted) {
      return Condition.TRUE;
    }
    return new Condition(
        false,
        "ContainersNotInitialized",
        "containers with incomplete status: " + goList(incomplete));
  }

  private Condition containersReady() {
    if (phase.equals("Succeeded")) {
      return new Condition(false, "PodCompleted", "");
    }
    if (phase.equals("Failed")) {
      return new Condition(false, "PodFailed", "");
    }
    List<String> unready = new ArrayList<>();
    PodSpec.initContainers(in.pod()).stream()
        .filter(PodSpec::isSidecar)
        .filter(c -> !Json.flag(status(c), false, "ready"))
        .forEach(c -> unready.add(PodSpec.name(c)));
    PodSpec.containers(in.pod()).stream()
        .filter(c -> !Json.flag(status(c), false, "ready"))
        .forEach(c -> unready.add(PodSpec.name(c)));
    return unready.isEmpty()
        ? Condition.TRUE
        : new Condition(
            false, "ContainersNotReady", "containers with unready status: " + goList(unready));
  }

  private Condition ready(Condition containersReady) {
    if (!containersReady.status()) {
      return containersReady;
    }
    List<String> problems = new ArrayList<>();
    for (JsonNode gate : Json.items(in.pod(), "spec", "readinessGates")) {
      String type = Json.text(gate, "conditionType");
      JsonNode found = condition(in.pod().path("status"), type);
      if (found == null) {
        problems.add(
            "corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
      } else if (!Json.text(found, "status").equals("True")) {
        problems.add(
            "the status of pod readiness gate \""
                + type
                + "\" is not \"True\", but "
                + Json.text(found, "status"));
      }
    }
    return problems.isEmpty()
        ? Condition.TRUE
        : new Condition(false, "ReadinessGatesNotReady", String.join(", ", problems));
  }

  /** As Go prints a list of strings. */
  private static String goList(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
