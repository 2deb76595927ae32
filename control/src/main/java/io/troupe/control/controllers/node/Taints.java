package io.troupe.control.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Times;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The taints that follow from a node's conditions. */
final class Taints {
  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
  private static final Map<String, String> PRESSURES =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable",
          "PIDPressure", "node.kubernetes.io/pid-pressure");
  private static final Set<String> BY_CONDITION =
      Set.of(
          NOT_READY,
          UNREACHABLE,
          UNSCHEDULABLE,
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/network-unavailable",
          "node.kubernetes.io/pid-pressure");

  private Taints() {}

  static boolean has(JsonNode node, String key, String effect) {
    return Json.items(node, "spec", "taints").stream()
        .anyMatch(t -> Json.text(t, "key").equals(key) && Json.text(t, "effect").equals(effect));
  }

  static List<JsonNode> noExecute(JsonNode node) {
    return Json.items(node, "spec", "taints").stream()
        .filter(t -> Json.text(t, "effect").equals("NoExecute"))
        .toList();
  }

  /** {@code True}, {@code False}, {@code Unknown}, or "" when the node never spoke. */
  static String ready(JsonNode node) {
    return Conditions.find(node, "Ready").map(c -> Json.text(c, "status")).orElse("");
  }

  private static Set<String> noScheduleKeys(JsonNode node) {
    Set<String> keys = new LinkedHashSet<>();
    switch (ready(node)) {
      case "False" -> keys.add(NOT_READY);
      case "Unknown" -> keys.add(UNREACHABLE);
      default -> {}
    }
    PRESSURES.forEach(
        (condition, taint) -> {
          if (Conditions.isTrue(node, condition)) {
            keys.add(taint);
          }
        });
    if (Json.flag(node, false, "spec", "unschedulable")) {
      keys.add(UNSCHEDULABLE);
    }
    return keys;
  }

  /**
   * The node's taints as they should be.
   *
   * @param noExecute the one NoExecute taint of this controller's, or "" for none
   */
  static ArrayNode wanted(JsonNode node, String noExecute, Instant now) {
    Set<String> noSchedule = noScheduleKeys(node);
    ArrayNode taints = Json.array();
    boolean hasNoExecute = false;
    for (JsonNode taint : Json.items(node, "spec", "taints")) {
      String key = Json.text(taint, "key");
      String effect = Json.text(taint, "effect");
      if (effect.equals("NoSchedule") && BY_CONDITION.contains(key)) {
        if (noSchedule.remove(key)) {
          taints.add(taint);
        }
      } else if (effect.equals("NoExecute") && (key.equals(NOT_READY) || key.equals(UNREACHABLE))) {
        if (key.equals(noExecute)) {
          taints.add(taint);
          hasNoExecute = true;
        }
      } else {
        taints.add(taint);
      }
    }
    noSchedule.forEach(key -> taints.add(taint(key, "NoSchedule", now)));
    if (!noExecute.isEmpty() && !hasNoExecute) {
      taints.add(taint(noExecute, "NoExecute", now));
    }
    return taints;
  }

  private static ObjectNode taint(String key, String effect, Instant now) {
    return Json.object().put("key", key).put("effect", effect).put("timeAdded", Times.format(now));
  }
}
