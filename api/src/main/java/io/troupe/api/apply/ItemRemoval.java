package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.Map;

/**
 * Takes a set of fields and items out of a value. What becomes empty is null then: nobody removed
 * it, and it may still have owners of its own.
 */
final class ItemRemoval {
  private ItemRemoval() {}

  /** The rest, which shares subtrees with the value. */
  static JsonNode remove(JsonNode value, FieldSet fields, Schema schema) {
    return remove(value, fields.trie(), schema);
  }

  private static JsonNode remove(JsonNode value, JsonNode gone, Schema schema) {
    Shape shape = Shape.of(schema, value, value);
    if (value.isContainerNode() && value.isEmpty()) {
      return NullNode.getInstance();
    }
    return switch (shape) {
      case STRUCT, MAP -> value instanceof ObjectNode object ? fields(object, gone, schema) : value;
      case SET, KEYED ->
          value instanceof ArrayNode array ? items(array, gone, schema, shape) : value;
      // A part of a leaf cannot be removed: the leaf goes.
      case LEAF -> value.isContainerNode() ? NullNode.getInstance() : value;
    };
  }

  private static JsonNode fields(ObjectNode object, JsonNode gone, Schema schema) {
    ObjectNode rest = Json.object();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode taken = gone.get(PathElements.field(field.getKey()));
      JsonNode kept = kept(field.getValue(), taken, Shape.child(schema, field.getKey()));
      if (kept != null) {
        rest.set(field.getKey(), kept);
      }
    }
    return rest.isEmpty() ? NullNode.getInstance() : rest;
  }

  private static JsonNode items(ArrayNode array, JsonNode gone, Schema list, Shape shape) {
    ArrayNode rest = Json.array();
    for (JsonNode item : array) {
      JsonNode kept = kept(item, gone.get(shape.element(list, item)), list.element());
      if (kept != null) {
        rest.add(kept);
      }
    }
    return rest.isEmpty() ? NullNode.getInstance() : rest;
  }

  /** Null for what is taken itself. */
  private static JsonNode kept(JsonNode value, JsonNode taken, Schema schema) {
    if (taken == null) {
      return value;
    }
    if (FieldSet.isMember(taken)) {
      return null;
    }
    return remove(value, taken, schema);
  }
}
