package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;

/** Empty values: which mean nothing, and which are written even when nobody gave them. */
final class Empties {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Empties() {}

  /** Whether Go's omitempty would leave the value out. */
  static boolean isEmpty(JsonNode value, Schema schema) {
    return switch (schema.type()) {
      case STRING -> value.textValue().isEmpty();
      case BOOLEAN -> !value.booleanValue();
      case INTEGER -> value.longValue() == 0;
      case NUMBER -> value.doubleValue() == 0;
      case LIST, MAP -> value.isEmpty();
      case OBJECT, ANY, INT_OR_STRING, QUANTITY -> false;
    };
  }

  /** What null is as an item of a list or map: Go's zero value. */
  static JsonNode zero(Schema schema) {
    return switch (schema.type()) {
      case STRING -> NODES.textNode("");
      case BOOLEAN -> NODES.booleanNode(false);
      case INTEGER, NUMBER, INT_OR_STRING -> NODES.numberNode(0);
      case QUANTITY -> NODES.textNode("0");
      case LIST -> Json.array();
      case MAP -> Json.object();
      case OBJECT -> {
        ObjectNode object = Json.object();
        fill(object, schema);
        yield object;
      }
      case ANY -> NODES.nullNode();
    };
  }

  /**
   * Adds the structs and scalars that upstream always writes ({@code resources: {}}, {@code
   * currentHealthy: 0}), so that an object looks the same whether it came as JSON or as protobuf.
   * Upstream also writes null for lists, maps, times and bytes; here null is absent.
   */
  static void fill(ObjectNode object, Schema schema) {
    for (Schema.Field field : schema.fields().values()) {
      if (field.presence() == Schema.Presence.ALWAYS_WRITTEN
          && hasZero(field.schema())
          && !object.has(field.name())) {
        object.set(field.name(), zero(field.schema()));
      }
    }
  }

  private static boolean hasZero(Schema schema) {
    return switch (schema.type()) {
      case OBJECT, INTEGER, NUMBER, BOOLEAN, INT_OR_STRING, QUANTITY -> true;
      case STRING -> schema.format().isEmpty();
      case LIST, MAP, ANY -> false;
    };
  }
}
