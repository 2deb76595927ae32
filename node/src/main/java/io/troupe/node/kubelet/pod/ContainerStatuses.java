package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Statuses of a pod's containers, from what the runtime has and what was last told. */
final class ContainerStatuses {
  /** Which of the three lists of a pod. */
  enum Group {
    INIT("initContainerStatuses"),
    MAIN("containerStatuses"),
    EPHEMERAL("ephemeralContainerStatuses");

    private final String field;

    Group(String field) {
      this.field = field;
    }

    String field() {
      return field;
    }

    List<JsonNode> specs(JsonNode pod) {
      return switch (this) {
        case INIT -> PodSpec.initContainers(pod);
        case MAIN -> PodSpec.containers(pod);
        case EPHEMERAL -> PodSpec.ephemeralContainers(pod);
      };
    }
  }

  private final StatusInput in;
  private final Group group;

  private ContainerStatuses(StatusInput in, Group group) {
    this.in = in;
    this.group = group;
  }

  static ArrayNode of(StatusInput in, Group group) {
    ArrayNode list = Json.array();
    ContainerStatuses statuses = new ContainerStatuses(in, group);
    group.specs(in.pod()).forEach(spec -> list.add(statuses.status(spec)));
    return list;
  }

  private JsonNode told(String name) {
    return Json.items(in.told(), group.field()).stream()
        .filter(s -> Json.text(s, "name").equals(name))
        .findFirst()
        .orElse(Json.object());
  }

  private ObjectNode status(JsonNode spec) {
    String name = PodSpec.name(spec);
    JsonNode told = told(name);
    List<ContainerState> seen =
        in.state().containers().stream().filter(c -> c.name().equals(name)).limit(2).toList();
    ObjectNode status = seen.isEmpty() ? unseen(spec, told) : seen(spec, seen.getFirst(), told);
    if (seen.size() == 2) {
      status.set("lastState", stateOf(seen.get(1)));
    }
    waitingForStart(spec, seen.isEmpty() ? null : seen.getFirst(), status);
    readiness(spec, seen.isEmpty() ? null : seen.getFirst(), status);
    return status;
  }

  private ObjectNode seen(JsonNode spec, ContainerState c, JsonNode told) {
    ObjectNode status = Json.object();
    status.put("name", c.name()).put("restartCount", c.restartCount());
    status.put("image", c.image()).put("imageID", c.imageRef());
    status.put("containerID", in.runtimeName() + "://" + c.id());
    status.set("state", stateOf(c));
    // An older container may have been removed from the runtime since it was told.
    boolean other = !Json.text(told, "containerID").equals(Json.text(status, "containerID"));
    JsonNode last = Json.at(told, other ? "state" : "lastState", "terminated");
    status.set(
        "lastState", last.isObject() ? Json.object().set("terminated", last) : Json.object());
    volumeMounts(spec, status);
    JsonNode resources = Json.at(spec, "resources");
    if (resources.isObject() && !resources.isEmpty()) {
      status.set("resources", resources);
      if (resources.has("requests")) {
        status.set("allocatedResources", resources.get("requests"));
      }
    }
    return status;
  }

  private ObjectNode unseen(JsonNode spec, JsonNode told) {
    if (Json.at(told, "state", "terminated").isObject()) {
      return (ObjectNode) told.deepCopy();
    }
    ObjectNode status = Json.object();
    status
        .put("name", PodSpec.name(spec))
        .put("image", Json.text(spec, "image"))
        .put("imageID", "");
    status.put("restartCount", Json.number(told, 0, "restartCount"));
    boolean inits = !PodSpec.initContainers(in.pod()).isEmpty();
    status
        .putObject("state")
        .putObject("waiting")
        .put("reason", inits ? "PodInitializing" : "ContainerCreating");
    JsonNode last = Json.at(told, "lastState");
    status.set("lastState", last.isObject() ? last : Json.object());
    if (group == Group.INIT && !PodSpec.isSidecar(spec) && in.state().mainCreated(in.pod())) {
      ObjectNode done = status.putObject("state").putObject("terminated");
      done.put("reason", "Completed").put("exitCode", 0);
      done.put(
          "message",
          "Unable to get init container status from container runtime and pod has been initialized,"
              + " treat it as exited normally");
    } else if (Json.at(told, "state", "running").isObject()
        && !Json.at(last, "terminated").isObject()) {
      lost(status);
    }
    volumeMounts(spec, status);
    return status;
  }

  /** It was told to run, and the runtime no longer knows it. */
  private void lost(ObjectNode status) {
    ObjectNode terminated = status.putObject("lastState").putObject("terminated");
    terminated.put("reason", "ContainerStatusUnknown").put("exitCode", 137);
    terminated.put(
        "message",
        "The container could not be located when the pod was deleted.  The container used to be Running");
    terminated.putNull("startedAt").putNull("finishedAt");
    if (!Meta.isDeleting(in.pod())) {
      status.put("restartCount", status.get("restartCount").asInt() + 1);
    }
  }

  private ObjectNode stateOf(ContainerState c) {
    ObjectNode state = Json.object();
    switch (c.phase()) {
      case RUNNING -> state.putObject("running").put("startedAt", time(c.startedAt()));
      case CREATED, UNKNOWN -> state.putObject("waiting");
      case EXITED -> {
        ObjectNode terminated = state.putObject("terminated");
        terminated.put("exitCode", c.exitCode());
        if (!c.reason().isEmpty()) {
          terminated.put("reason", c.reason());
        }
        if (!c.message().isEmpty()) {
          terminated.put("message", c.message());
        }
        terminated.put("startedAt", time(c.startedAt())).put("finishedAt", time(c.finishedAt()));
        terminated.put("containerID", in.runtimeName() + "://" + c.id());
      }
    }
    return state;
  }

  /** RFC 3339 in whole seconds, as {@code metav1.Time} is written; null for none. */
  static String time(Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void volumeMounts(JsonNode spec, ObjectNode status) {
    List<JsonNode> mounts = Json.items(spec, "volumeMounts");
    if (mounts.isEmpty()) {
      return;
    }
    ArrayNode list = status.putArray("volumeMounts");
    for (JsonNode mount : mounts) {
      ObjectNode shown = list.addObject();
      shown.put("name", Json.text(mount, "name")).put("mountPath", Json.text(mount, "mountPath"));
      if (Json.flag(mount, false, "readOnly")) {
        shown.put("readOnly", true).put("recursiveReadOnly", "Disabled");
      }
    }
  }

  /** A container that will be started again shows why it has not been, if that is known. */
  private void waitingForStart(JsonNode spec, ContainerState newest, ObjectNode status) {
    boolean completedInit =
        group == Group.INIT
            && (newest != null
                && newest.phase() == ContainerState.Phase.EXITED
                && newest.exitCode() == 0
                && !PodSpec.isSidecar(spec));
    Optional<PodMemory.StartError> error = in.memory().startError(PodSpec.name(spec));
    if (completedInit || error.isEmpty() || !PodWorker.shouldStart(in.pod(), spec, in.state())) {
      return;
    }
    if (Json.at(status, "state", "terminated").isObject()) {
      status.set("lastState", status.get("state"));
    }
    ObjectNode waiting = status.putObject("state").putObject("waiting");
    waiting.put("reason", error.get().reason());
    if (!error.get().message().isEmpty()) {
      waiting.put("message", error.get().message());
    }
  }

  private void readiness(JsonNode spec, ContainerState newest, ObjectNode status) {
    boolean running = newest != null && Json.at(status, "state", "running").isObject();
    boolean started = running && in.probes().started(newest, spec);
    boolean ready;
    if (group == Group.EPHEMERAL) {
      ready = false;
    } else if (group == Group.INIT && !PodSpec.isSidecar(spec)) {
      ready = Json.number(status, -1, "state", "terminated", "exitCode") == 0;
    } else {
      ready = running && in.probes().ready(newest, spec);
    }
    status.put("ready", ready);
    if (group != Group.EPHEMERAL) {
      status.put("started", started);
    }
  }
}
