package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;

/** A pod's controller; empty texts when it has none. */
public record Owner(String kind, String name, String uid) {
  public static final Owner NONE = new Owner("", "", "");

  static Owner of(JsonNode pod) {
    return Meta.controllerOf(pod)
        .map(o -> new Owner(Json.text(o, "kind"), Json.text(o, "name"), Json.text(o, "uid")))
        .orElse(NONE);
  }
}
