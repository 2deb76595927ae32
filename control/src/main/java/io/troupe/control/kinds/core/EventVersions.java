package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.HashMap;
import java.util.Map;

/** Core events as events.k8s.io/v1 and back: the same facts under other names. */
public final class EventVersions {
  private static final Map<String, String> TO_NEW =
      Map.of(
          "involvedObject", "regarding",
          "message", "note",
          "source", "deprecatedSource",
          "firstTimestamp", "deprecatedFirstTimestamp",
          "lastTimestamp", "deprecatedLastTimestamp",
          "count", "deprecatedCount",
          "reportingComponent", "reportingController");
  private static final Map<String, String> TO_CORE = inverse();

  private EventVersions() {}

  private static Map<String, String> inverse() {
    Map<String, String> inverse = new HashMap<>();
    TO_NEW.forEach((core, renamed) -> inverse.put(renamed, core));
    return inverse;
  }

  public static ObjectNode convert(ObjectNode event, String target) {
    Map<String, String> names = target.equals("v1") ? TO_CORE : TO_NEW;
    ObjectNode converted = Json.object();
    for (Map.Entry<String, JsonNode> field : event.properties()) {
      converted.set(names.getOrDefault(field.getKey(), field.getKey()), field.getValue());
    }
    return converted.put("apiVersion", target);
  }
}
