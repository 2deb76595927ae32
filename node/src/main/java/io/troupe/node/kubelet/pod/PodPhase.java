package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;

/** A pod's phase, from its container statuses. */
final class PodPhase {
  private int pendingInit;
  private int pendingSidecars;
  private int failedInit;
  private int unknown;
  private int running;
  private int waiting;
  private int stopped;
  private int stoppedForGood;
  private int succeeded;

  private final JsonNode pod;
  private final List<JsonNode> statuses;

  private PodPhase(JsonNode pod, List<JsonNode> statuses) {
    this.pod = pod;
    this.statuses = statuses;
  }

  /**
   * Decides the phase.
   *
   * @param terminal the pod's containers will not be started again whatever its policy
   * @param initialized a main container was started in the current sandbox
   */
  static String of(JsonNode pod, List<JsonNode> statuses, boolean terminal, boolean initialized) {
    PodPhase phase = new PodPhase(pod, statuses);
    PodSpec.initContainers(pod).forEach(phase::countInit);
    PodSpec.containers(pod).forEach(phase::countMain);
    return phase.decide(terminal, initialized);
  }

  private JsonNode status(JsonNode container) {
    return statuses.stream()
        .filter(s -> Json.text(s, "name").equals(PodSpec.name(container)))
        .findFirst()
        .orElse(null);
  }

  private boolean restarts(JsonNode container, JsonNode terminated) {
    return switch (PodSpec.restartPolicy(pod, container)) {
      case "Never" -> false;
      case "OnFailure" -> exitCode(terminated) != 0;
      default -> true;
    };
  }

  private static long exitCode(JsonNode terminated) {
    return Json.number(terminated, 0, "exitCode");
  }

  private static JsonNode state(JsonNode status, String kind) {
    return Json.at(status, "state", kind);
  }

  private void countInit(JsonNode container) {
    JsonNode status = status(container);
    if (PodSpec.isSidecar(container)) {
      countSidecar(status);
    } else if (status == null || state(status, "running").isObject()) {
      pendingInit++;
    } else if (state(status, "terminated").isObject()) {
      countFailedInit(container, state(status, "terminated"));
    } else if (Json.at(status, "lastState", "terminated").isObject()) {
      countFailedInit(container, Json.at(status, "lastState", "terminated"));
    } else {
      pendingInit++;
    }
  }

  private void countFailedInit(JsonNode container, JsonNode terminated) {
    if (exitCode(terminated) != 0) {
      if (restarts(container, terminated)) {
        pendingInit++;
      } else {
        failedInit++;
      }
    }
  }

  private void countSidecar(JsonNode status) {
    if (status == null) {
      unknown++;
    } else if (state(status, "running").isObject()) {
      pendingSidecars += Json.flag(status, false, "started") ? 0 : 1;
      running++;
    } else if (state(status, "waiting").isObject()
        && !Json.at(status, "lastState", "terminated").isObject()) {
      pendingSidecars++;
      waiting++;
    }
  }

  private void countMain(JsonNode container) {
    JsonNode status = status(container);
    if (status == null) {
      unknown++;
    } else if (state(status, "running").isObject()) {
      running++;
    } else if (state(status, "terminated").isObject()) {
      JsonNode terminated = state(status, "terminated");
      stopped++;
      stoppedForGood += restarts(container, terminated) ? 0 : 1;
      succeeded += exitCode(terminated) == 0 ? 1 : 0;
    } else if (Json.at(status, "lastState", "terminated").isObject()) {
      stopped++;
      stoppedForGood += restarts(container, Json.at(status, "lastState", "terminated")) ? 0 : 1;
    } else {
      waiting++;
    }
  }

  private String decide(boolean terminal, boolean initialized) {
    if (failedInit > 0) {
      return "Failed";
    }
    if (pendingInit > 0 || (pendingSidecars > 0 && !initialized) || waiting > 0) {
      return "Pending";
    }
    if (running > 0 && unknown == 0) {
      return "Running";
    }
    if (running == 0 && stopped > 0 && unknown == 0) {
      if (!terminal && stopped != stoppedForGood) {
        return "Running";
      }
      return stopped == succeeded ? "Succeeded" : "Failed";
    }
    return "Pending";
  }
}
