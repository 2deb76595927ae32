package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Sets a field of a tree that the caller is building, unless it has a value. */
public final class Fill {
  private Fill() {}

  public static boolean isAbsent(ObjectNode object, String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull();
  }

  /** Empty text counts as absent, as a Go string does. */
  public static void text(ObjectNode object, String field, String value) {
    if (Same.isEmpty(object.get(field))) {
      object.put(field, value);
    }
  }

  public static void number(ObjectNode object, String field, long value) {
    if (isAbsent(object, field)) {
      object.put(field, value);
    }
  }

  /** Zero counts as absent, as a Go integer that is no pointer does. */
  public static void nonZero(ObjectNode object, String field, long value) {
    JsonNode held = object.get(field);
    if (held == null || held.isNull() || (held.isNumber() && held.longValue() == 0)) {
      object.put(field, value);
    }
  }

  public static void flag(ObjectNode object, String field, boolean value) {
    if (isAbsent(object, field)) {
      object.put(field, value);
    }
  }

  /** Puts empty text where the API distinguishes it from nothing. */
  public static void flagText(ObjectNode object, String field) {
    if (isAbsent(object, field)) {
      object.put(field, "");
    }
  }

  /** The object under the field, made when absent. */
  public static ObjectNode object(ObjectNode parent, String field) {
    return parent.get(field) instanceof ObjectNode held ? held : parent.putObject(field);
  }

  public static ArrayNode list(ObjectNode parent, String field) {
    return parent.get(field) instanceof ArrayNode held ? held : parent.putArray(field);
  }

  /** Calls for each object in the list under the field, if there is one. */
  public static void each(JsonNode parent, String field, Consumer<ObjectNode> action) {
    if (parent != null && parent.get(field) instanceof ArrayNode list) {
      for (JsonNode item : list) {
        if (item instanceof ObjectNode object) {
          action.accept(object);
        }
      }
    }
  }

  /** Calls with the object under the field, if there is one. */
  public static void ifObject(JsonNode parent, String field, Consumer<ObjectNode> action) {
    if (parent != null && parent.get(field) instanceof ObjectNode object) {
      action.accept(object);
    }
  }
}
