package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.Schema;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The set of every leaf and item that a value mentions: what who applies it will own. */
final class FieldExtraction {
  private final FieldSet.Builder fields = new FieldSet.Builder();

  private FieldExtraction() {}

  static FieldSet of(JsonNode object, Schema schema) {
    FieldExtraction extraction = new FieldExtraction();
    extraction.value(object, schema);
    return extraction.fields.build();
  }

  private void value(JsonNode value, Schema schema) {
    Shape shape = Shape.of(schema, value, value);
    if (shape == Shape.LEAF || (!value.isContainerNode() && !value.isNull())) {
      fields.insert();
      return;
    }
    switch (shape) {
      case STRUCT, MAP -> entries(value, schema);
      case SET, KEYED -> items(value, schema, shape);
      case LEAF -> throw new IllegalStateException("leaves were handled");
    }
  }

  private void entries(JsonNode map, Schema schema) {
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode value = entry.getValue();
      fields.push(PathElements.field(entry.getKey()));
      value(value, Shape.child(schema, entry.getKey()));
      boolean declared = schema != null && schema.fields().containsKey(entry.getKey());
      if (!declared || value.isNull() || (value.isObject() && value.isEmpty())) {
        fields.insert();
      }
      fields.pop();
    }
  }

  private void items(JsonNode list, Schema schema, Shape shape) {
    Set<String> duplicates = duplicates(list, schema, shape);
    for (JsonNode item : list) {
      String element = shape.element(schema, item);
      fields.push(element);
      if (!duplicates.contains(element)) {
        value(item, schema.element());
      }
      fields.insert();
      fields.pop();
    }
  }

  private static Set<String> duplicates(JsonNode list, Schema schema, Shape shape) {
    Set<String> seen = new HashSet<>();
    Set<String> duplicates = new HashSet<>();
    for (JsonNode item : list) {
      String element = shape.element(schema, item);
      if (!seen.add(element)) {
        duplicates.add(element);
      }
    }
    return duplicates;
  }
}
