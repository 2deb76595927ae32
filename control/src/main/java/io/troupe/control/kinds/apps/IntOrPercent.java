package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;

/** A number of pods, absolute or in percent. */
public final class IntOrPercent {
  private IntOrPercent() {}

  /** The number, of pods or percent; 0 when absent. */
  public static long value(JsonNode node) {
    if (node != null && node.isTextual()) {
      String text = node.textValue();
      return Names.percent(text).isEmpty() && text.length() < 12
          ? Long.parseLong(text.substring(0, text.length() - 1))
          : 0;
    }
    return node == null ? 0 : node.asLong(0);
  }

  public static void nonNegative(At parent, String field) {
    JsonNode node = parent.node().path(field);
    if (node.isTextual()) {
      parent.errors().invalid(parent.at(field), node, Names.percent(node.textValue()));
    } else {
      parent.nonNegative(field);
    }
  }

  public static void atMostAll(At parent, String field) {
    JsonNode node = parent.node().path(field);
    if (node.isTextual() && value(node) > 100) {
      parent.invalid(field, "must not be greater than 100%");
    }
  }
}
