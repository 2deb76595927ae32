package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.kinds.Schema.Presence;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a field that is always written is when nobody gave it. Upstream compares with such values,
 * so a writer who first fills {@code status} owns its fields, not {@code status} itself.
 */
final class ZeroValue {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Map<String, ObjectNode> BY_DEFINITION = new ConcurrentHashMap<>();

  private ZeroValue() {}

  /** Shared, never to be changed; null for a field that may be absent, or a null field. */
  static JsonNode of(Schema.Field field) {
    return field == null || field.presence() != Presence.ALWAYS_WRITTEN
        ? null
        : value(field.schema());
  }

  private static JsonNode value(Schema schema) {
    return switch (schema.type()) {
      case OBJECT -> struct(schema);
      case STRING -> schema.format().isEmpty() ? NODES.textNode("") : NODES.nullNode();
      case INTEGER, NUMBER, INT_OR_STRING -> NODES.numberNode(0);
      case BOOLEAN -> NODES.booleanNode(false);
      case QUANTITY -> NODES.textNode("0");
      case LIST, MAP, ANY -> NODES.nullNode();
    };
  }

  private static ObjectNode struct(Schema schema) {
    ObjectNode known = BY_DEFINITION.get(schema.definition());
    if (known == null) {
      known = NODES.objectNode();
      for (Schema.Field field : schema.fields().values()) {
        if (field.presence() == Presence.ALWAYS_WRITTEN) {
          known.set(field.name(), value(field.schema()));
        }
      }
      BY_DEFINITION.put(schema.definition(), known);
    }
    return known;
  }
}
