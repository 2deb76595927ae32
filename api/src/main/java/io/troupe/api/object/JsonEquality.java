package io.troupe.api.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/**
 * Whether two trees say the same: numbers by value (an {@code IntNode} 1 is a {@code LongNode} 1),
 * objects in any order of fields. Null is a value; a missing field is not.
 */
public final class JsonEquality {
  private JsonEquality() {}

  @SuppressWarnings("ReferenceEquality") // only a shortcut
  public static boolean same(JsonNode left, JsonNode right) {
    if (left == right) {
      return true;
    }
    if (left == null || right == null) {
      return false;
    }
    return switch (left.getNodeType()) {
      case OBJECT -> right.isObject() && sameFields(left, right);
      case ARRAY -> right.isArray() && sameItems(left, right);
      case NUMBER -> right.isNumber() && sameNumber(left, right);
      default -> left.equals(right);
    };
  }

  private static boolean sameFields(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> field : left.properties()) {
      JsonNode other = right.get(field.getKey());
      if (other == null || !same(field.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameItems(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<JsonNode> others = right.elements();
    for (JsonNode item : left) {
      if (!same(item, others.next())) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameNumber(JsonNode left, JsonNode right) {
    if (left.isIntegralNumber() && right.isIntegralNumber()) {
      boolean longs = left.canConvertToLong() && right.canConvertToLong();
      return longs
          ? left.longValue() == right.longValue()
          : left.bigIntegerValue().equals(right.bigIntegerValue());
    }
    return left.decimalValue().compareTo(right.decimalValue()) == 0;
  }
}
