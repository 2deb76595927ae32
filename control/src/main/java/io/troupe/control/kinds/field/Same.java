package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Equality of JSON trees as Go's {@code Semantic.DeepEqual} sees typed objects. Trees have been
 * decoded, so an empty object or text that is left means something (a pointer that is set); only
 * absent, null and the empty list are the same. Numbers compare by value.
 */
public final class Same {
  private Same() {}

  @SuppressWarnings("ReferenceEquality") // a shortcut for subtrees that both objects share
  public static boolean equal(JsonNode a, JsonNode b) {
    if (a == b) {
      return true;
    }
    if (isNothing(a) || isNothing(b)) {
      return isNothing(a) && isNothing(b);
    }
    if (a.isObject() && b.isObject()) {
      return contains(a, b, true) && contains(b, a, false);
    }
    if (a.isArray() && b.isArray()) {
      return equalItems(a, b);
    }
    if (a.isNumber() && b.isNumber()) {
      boolean whole = a.isIntegralNumber() && b.isIntegralNumber();
      return whole
          ? a.longValue() == b.longValue()
          : a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    return a.equals(b);
  }

  /** Whether the field is the same in both objects. */
  public static boolean equal(JsonNode a, JsonNode b, String field) {
    return equal(a == null ? null : a.get(field), b == null ? null : b.get(field));
  }

  private static boolean contains(JsonNode a, JsonNode b, boolean compare) {
    for (Map.Entry<String, JsonNode> entry : a.properties()) {
      JsonNode other = b.get(entry.getKey());
      boolean differs =
          compare
              ? !equal(entry.getValue(), other)
              : (other == null && !isNothing(entry.getValue()));
      if (differs) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalItems(JsonNode a, JsonNode b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNothing(JsonNode node) {
    return node == null
        || node.isMissingNode()
        || node.isNull()
        || (node.isArray() && node.isEmpty());
  }

  /** Whether there is no value: absent, null, or empty text, list or object. */
  public static boolean isEmpty(JsonNode node) {
    if (node == null || node.isMissingNode() || node.isNull()) {
      return true;
    }
    return node.isContainerNode()
        ? node.isEmpty()
        : (node.isTextual() && node.textValue().isEmpty());
  }
}
