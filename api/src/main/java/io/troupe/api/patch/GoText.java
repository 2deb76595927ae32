package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** JSON values as Go's {@code %v} prints them, for messages that show one. */
final class GoText {
  private GoText() {}

  static String of(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          sorted.put(field.getKey(), field.getValue());
        }
        StringBuilder text = new StringBuilder("map[");
        sorted.forEach(
            (name, value) ->
                text.append(text.length() > 4 ? " " : "")
                    .append(name)
                    .append(':')
                    .append(of(value)));
        yield text.append(']').toString();
      }
      case ARRAY -> {
        StringBuilder text = new StringBuilder("[");
        node.forEach(item -> text.append(text.length() > 1 ? " " : "").append(of(item)));
        yield text.append(']').toString();
      }
      case NULL -> "<nil>";
      default -> node.asText();
    };
  }

  static String typeOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "map[string]interface {}";
      case ARRAY -> "[]interface {}";
      case STRING -> "string";
      case BOOLEAN -> "bool";
      case NUMBER -> node.isIntegralNumber() ? "int64" : "float64";
      default -> "%!s(<nil>)";
    };
  }
}
