package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import java.util.TreeMap;

/** Canonical texts of JSON trees, and the merge patch that leads from one to another. */
public final class Trees {
  private Trees() {}

  /** The fields of {@code to} that differ, with null for what {@code to} lacks; one level deep. */
  public static ObjectNode difference(JsonNode from, ObjectNode to) {
    ObjectNode patch = Json.object();
    from.properties()
        .forEach(
            e -> {
              if (!to.has(e.getKey())) {
                patch.putNull(e.getKey());
              }
            });
    to.properties()
        .forEach(
            e -> {
              if (!JsonEquality.same(from.get(e.getKey()), e.getValue())) {
                patch.set(e.getKey(), replacing(from.get(e.getKey()), e.getValue()));
              }
            });
    return patch;
  }

  /** A merge patch that makes the value exactly {@code to}. */
  private static JsonNode replacing(JsonNode from, JsonNode to) {
    if (from instanceof ObjectNode before && to instanceof ObjectNode after) {
      return difference(before, after);
    }
    return to;
  }

  /** The tree as text with sorted field names: equal trees give equal texts. */
  public static String canonical(JsonNode node) {
    StringBuilder text = new StringBuilder();
    append(text, node);
    return text.toString();
  }

  private static void append(StringBuilder text, JsonNode node) {
    switch (node) {
      case ObjectNode object -> {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        text.append('{');
        fields.forEach(
            (name, value) -> {
              text.append(name).append(':');
              append(text, value);
              text.append(',');
            });
        text.append('}');
      }
      case ArrayNode array -> {
        text.append('[');
        array.forEach(
            value -> {
              append(text, value);
              text.append(',');
            });
        text.append(']');
      }
      default -> text.append(node);
    }
  }
}
