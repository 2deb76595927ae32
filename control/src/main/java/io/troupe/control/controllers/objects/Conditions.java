package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.time.Instant;
import java.util.Optional;

/** Reads and sets {@code status.conditions}. */
public final class Conditions {
  private Conditions() {}

  /** A condition that a controller means to set. */
  public record Condition(String type, String status, String reason, String message) {
    public static Condition of(String type, boolean status, String reason, String message) {
      return new Condition(type, status ? "True" : "False", reason, message);
    }
  }

  public static Optional<JsonNode> find(JsonNode object, String type) {
    return findIn(Json.at(object, "status"), type);
  }

  public static Optional<JsonNode> findIn(JsonNode status, String type) {
    for (JsonNode condition : Json.at(status, "conditions")) {
      if (Json.text(condition, "type").equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  public static boolean isTrue(JsonNode object, String type) {
    return find(object, type).filter(c -> Json.text(c, "status").equals("True")).isPresent();
  }

  public static String reason(JsonNode object, String type) {
    return find(object, type).map(c -> Json.text(c, "reason")).orElse("");
  }

  /**
   * Sets a condition in a status that the caller is building. The transition time changes with the
   * status only; nothing changes when status, reason and message are the same.
   */
  public static void set(ObjectNode status, Condition condition, Instant now) {
    Optional<JsonNode> before = findIn(status, condition.type());
    ObjectNode next = Json.object();
    next.put("type", condition.type()).put("status", condition.status());
    boolean turned =
        before.map(b -> !Json.text(b, "status").equals(condition.status())).orElse(true);
    next.put(
        "lastTransitionTime",
        turned ? Times.format(now) : Json.text(before.get(), "lastTransitionTime"));
    next.put("reason", condition.reason()).put("message", condition.message());
    replace(status, condition.type(), next);
  }

  /** Removes a condition from a status that the caller is building. */
  public static void remove(ObjectNode status, String type) {
    if (findIn(status, type).isEmpty()) {
      return;
    }
    ArrayNode kept = Json.array();
    for (JsonNode condition : status.get("conditions")) {
      if (!Json.text(condition, "type").equals(type)) {
        kept.add(condition);
      }
    }
    if (kept.isEmpty()) {
      status.remove("conditions");
    } else {
      status.set("conditions", kept);
    }
  }

  /** Puts the condition in place of the one of its type, or at the end. */
  public static void replace(ObjectNode status, String type, ObjectNode next) {
    ArrayNode conditions = Json.array();
    boolean placed = false;
    for (JsonNode condition : Json.at(status, "conditions")) {
      boolean same = Json.text(condition, "type").equals(type);
      conditions.add(same ? next : condition);
      placed |= same;
    }
    if (!placed) {
      conditions.add(next);
    }
    status.set("conditions", conditions);
  }
}
