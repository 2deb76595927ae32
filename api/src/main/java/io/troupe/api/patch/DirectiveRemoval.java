package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;

/** Turns a part of a patch into plain data, where the object had nothing to merge it with. */
final class DirectiveRemoval {
  private DirectiveRemoval() {}

  /** Whether the value is only there to delete or replace something. */
  static boolean isDirected(JsonNode value) {
    return value.isObject() && value.has(StrategicMergePatch.PATCH);
  }

  /** Removes nulls, directives and directed elements from a tree of the caller's own. */
  static JsonNode plain(JsonNode own) {
    switch (own) {
      case ObjectNode object -> {
        object
            .properties()
            .removeIf(
                field ->
                    field.getValue().isNull()
                        || isDirective(field.getKey())
                        || isDirected(field.getValue()));
        object.forEach(DirectiveRemoval::plain);
      }
      case ArrayNode array -> {
        Iterator<JsonNode> items = array.elements();
        while (items.hasNext()) {
          JsonNode item = items.next();
          if (isDirected(item)) {
            items.remove();
          } else {
            plain(item);
          }
        }
      }
      default -> {}
    }
    return own;
  }

  private static boolean isDirective(String name) {
    return name.startsWith("$")
        && (name.equals(StrategicMergePatch.RETAIN_KEYS)
            || name.startsWith(StrategicMergePatch.ELEMENT_ORDER + "/")
            || name.startsWith(StrategicMergePatch.DELETE_FROM_LIST + "/"));
  }
}
