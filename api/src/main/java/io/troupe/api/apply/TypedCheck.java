package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks an applied configuration against its schema, as far as merging it depends on that. */
final class TypedCheck {
  private final List<String> path = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private TypedCheck() {}

  /**
   * Checks.
   *
   * @throws TypedException with all fields that do not fit
   */
  static void check(JsonNode value, Schema schema) {
    TypedCheck check = new TypedCheck();
    check.value(value, schema);
    if (check.problems.size() == 1) {
      throw new TypedException(check.problems.getFirst());
    }
    if (!check.problems.isEmpty()) {
      throw new TypedException("errors:\n  " + String.join("\n  ", check.problems));
    }
  }

  private void value(JsonNode value, Schema schema) {
    if (schema == null || value.isNull()) {
      return;
    }
    switch (schema.type()) {
      case OBJECT, MAP -> {
        require(value.isObject(), "map", value);
        entries(value, schema);
      }
      case LIST -> {
        require(value.isArray(), "list", value);
        items(value, schema);
      }
      case STRING -> require(value.isTextual(), "string", value);
      case INTEGER, NUMBER -> require(value.isNumber(), "numeric (int or float)", value);
      case BOOLEAN -> require(value.isBoolean(), "boolean", value);
      case INT_OR_STRING, QUANTITY -> require(value.isValueNode(), "any scalar", value);
      case ANY -> {}
    }
  }

  private void require(boolean fits, String expected, JsonNode value) {
    if (!fits) {
      String found =
          expected.equals("string")
              ? "&value.valueUnstructured{Value:" + value + "}"
              : expected.startsWith("numeric") ? typeOf(value) : value.asText(value.toString());
      problem("expected " + expected + ", got " + found);
    }
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case BOOLEAN -> "bool";
      case ARRAY -> "[]interface {}";
      default -> "map[string]interface {}";
    };
  }

  private void problem(String what) {
    String where = String.join("", path);
    problems.add(where.isEmpty() ? what : where + ": " + what);
  }

  private void entries(JsonNode map, Schema schema) {
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String name = entry.getKey();
      Schema child = Shape.child(schema, name);
      path.add("." + name);
      if (child == null && !schema.preservesUnknownFields()) {
        problem("field not declared in schema");
      } else {
        value(entry.getValue(), child);
      }
      path.removeLast();
    }
  }

  private void items(JsonNode list, Schema schema) {
    Shape shape = Shape.of(schema, list, list);
    Set<String> seen = new HashSet<>();
    int index = 0;
    for (JsonNode item : list) {
      String element;
      try {
        element = shape == Shape.LEAF ? "i:" + index : shape.element(schema, item);
      } catch (TypedException e) {
        problem("element " + index + ": " + e.getMessage());
        return;
      }
      String shown = PathElements.display(element);
      if (!seen.add(element)) {
        problem("duplicate entries for key " + shown);
      }
      path.add(shown);
      value(item, schema.element());
      path.removeLast();
      index++;
    }
  }
}
