package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A pod's state in one word and its counters, as tables show them.
 *
 * @param lastRestart RFC 3339, "" when nothing restarted
 */
record PodSummary(int ready, int total, String reason, long restarts, String lastRestart) {

  static PodSummary of(ObjectNode pod) {
    Summing summing = new Summing(pod);
    boolean initializing = summing.initContainers();
    if (!initializing || hasCondition(pod, "Initialized")) {
      summing.containers();
    }
    return summing.summary();
  }

  private static boolean hasCondition(ObjectNode pod, String type) {
    return Json.items(pod, "status", "conditions").stream()
        .filter(c -> Json.text(c, "type").equals(type))
        .findFirst()
        .filter(c -> Json.text(c, "status").equals("True"))
        .isPresent();
  }

  /** Walks the container statuses once, in upstream's order. */
  private static final class Summing {
    private final ObjectNode pod;
    private final Set<String> sidecars = new HashSet<>();
    private final int total;
    private String reason;
    private int ready;
    private long restarts;
    private String lastRestart = "";
    private long sidecarRestarts;
    private String lastSidecarRestart = "";

    Summing(ObjectNode pod) {
      this.pod = pod;
      String given = Json.text(pod, "status", "reason");
      reason = given.isEmpty() ? Json.text(pod, "status", "phase") : given;
      for (JsonNode condition : Json.items(pod, "status", "conditions")) {
        if (Json.text(condition, "type").equals("PodScheduled")
            && Json.text(condition, "reason").equals("SchedulingGated")) {
          reason = "SchedulingGated";
        }
      }
      for (JsonNode container : Json.items(pod, "spec", "initContainers")) {
        if (Json.text(container, "restartPolicy").equals("Always")) {
          sidecars.add(Json.text(container, "name"));
        }
      }
      total = Json.items(pod, "spec", "containers").size() + sidecars.size();
    }

    /** Whether an init container is still to be waited for. */
    boolean initContainers() {
      List<JsonNode> statuses = Json.items(pod, "status", "initContainerStatuses");
      for (int i = 0; i < statuses.size(); i++) {
        JsonNode status = statuses.get(i);
        boolean sidecar = sidecars.contains(Json.text(status, "name"));
        count(status, sidecar);
        JsonNode ended = Json.at(status, "state", "terminated");
        if (ended.isObject() && Json.number(ended, 0, "exitCode") == 0) {
          continue;
        }
        if (sidecar && Json.flag(status, false, "started")) {
          ready += Json.flag(status, false, "ready") ? 1 : 0;
          continue;
        }
        String waiting = Json.text(status, "state", "waiting", "reason");
        if (ended.isObject()) {
          reason = "Init:" + endReason(ended);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          reason = "Init:" + waiting;
        } else {
          reason = "Init:" + i + "/" + Json.items(pod, "spec", "initContainers").size();
        }
        return true;
      }
      return false;
    }

    private void count(JsonNode status, boolean sidecar) {
      long count = Json.number(status, 0, "restartCount");
      String at = Json.text(status, "lastState", "terminated", "finishedAt");
      restarts += count;
      lastRestart = later(lastRestart, at);
      if (sidecar) {
        sidecarRestarts += count;
        lastSidecarRestart = later(lastSidecarRestart, at);
      }
    }

    void containers() {
      restarts = sidecarRestarts;
      lastRestart = lastSidecarRestart;
      boolean running = false;
      String error = "";
      List<JsonNode> statuses = Json.items(pod, "status", "containerStatuses");
      for (int i = statuses.size() - 1; i >= 0; i--) {
        JsonNode status = statuses.get(i);
        restarts += Json.number(status, 0, "restartCount");
        lastRestart =
            later(lastRestart, Json.text(status, "lastState", "terminated", "finishedAt"));
        String waiting = Json.text(status, "state", "waiting", "reason");
        JsonNode ended = Json.at(status, "state", "terminated");
        if (!waiting.isEmpty()) {
          reason = waiting;
        } else if (ended.isObject()) {
          reason = endReason(ended);
          error = Json.number(ended, 0, "exitCode") == 0 ? error : reason;
        } else if (Json.flag(status, false, "ready")
            && Json.at(status, "state", "running").isObject()) {
          running = true;
          ready++;
        }
      }
      if (reason.equals("Completed")) {
        if (running && hasCondition(pod, "Ready")) {
          reason = "Running";
        } else if (!error.isEmpty()) {
          reason = error;
        } else if (running) {
          reason = "NotReady";
        }
      }
    }

    PodSummary summary() {
      String phase = Json.text(pod, "status", "phase");
      if (Meta.isDeleting(pod)) {
        if (Json.text(pod, "status", "reason").equals("NodeLost")) {
          reason = "Unknown";
        } else if (!phase.equals("Failed") && !phase.equals("Succeeded")) {
          reason = "Terminating";
        }
      }
      return new PodSummary(ready, total, reason, restarts, lastRestart);
    }

    private static String endReason(JsonNode ended) {
      String given = Json.text(ended, "reason");
      if (!given.isEmpty()) {
        return given;
      }
      long signal = Json.number(ended, 0, "signal");
      return signal != 0 ? "Signal:" + signal : "ExitCode:" + Json.number(ended, 0, "exitCode");
    }

    private static String later(String a, String b) {
      return a.compareTo(b) >= 0 ? a : b;
    }
  }
}
