package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;

/** A node's taint. */
public record Taint(String key, String value, String effect) {
  public static final Taint UNSCHEDULABLE =
      new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

  static Taint of(JsonNode taint) {
    return new Taint(
        Json.text(taint, "key"), Json.text(taint, "value"), Json.text(taint, "effect"));
  }

  /** Whether it keeps new pods away. */
  public boolean isHard() {
    return effect.equals("NoSchedule") || effect.equals("NoExecute");
  }
}
