package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;

/** A pod's toleration; empty key or effect stand for all. */
public record Toleration(String key, String operator, String value, String effect) {

  static Toleration of(JsonNode toleration) {
    return new Toleration(
        Json.text(toleration, "key"),
        Json.text(toleration, "operator"),
        Json.text(toleration, "value"),
        Json.text(toleration, "effect"));
  }

  public boolean tolerates(Taint taint) {
    if (!effect.isEmpty() && !effect.equals(taint.effect())) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.key())) {
      return false;
    }
    return switch (operator) {
      case "", "Equal" -> value.equals(taint.value());
      case "Exists" -> true;
      default -> false;
    };
  }

  boolean mayTolerateSoftTaints() {
    return effect.isEmpty() || effect.equals("PreferNoSchedule");
  }
}
