package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.Schema;

/** How the parts of a value are owned. */
enum Shape {
  /** As a whole: scalars, atomic lists and atomic maps. */
  LEAF,
  /** Field by field, known by the schema. */
  STRUCT,
  /** Entry by entry. */
  MAP,
  /** Item by item, told apart by value. */
  SET,
  /** Item by item, told apart by keys. */
  KEYED;

  private static final String RAW_EXTENSION = "io.k8s.apimachinery.pkg.runtime.RawExtension";

  /**
   * The shape of a value, at least one side of which is given; where the schema does not say, the
   * value does.
   *
   * @param schema null when nothing is known
   */
  static Shape of(Schema schema, JsonNode left, JsonNode right) {
    if (schema == null) {
      return isObject(left) || isObject(right) ? MAP : LEAF;
    }
    return switch (schema.type()) {
      case OBJECT -> schema.atomic() ? LEAF : STRUCT;
      case MAP -> schema.atomic() ? LEAF : MAP;
      case LIST ->
          switch (schema.listType()) {
            case MAP -> KEYED;
            case SET -> SET;
            case ATOMIC -> LEAF;
          };
      case ANY -> schema.definition().equals(RAW_EXTENSION) ? LEAF : of(null, left, right);
      default -> LEAF;
    };
  }

  private static boolean isObject(JsonNode node) {
    return node != null && node.isObject();
  }

  /** The schema of a field or entry; null when nothing is known of it. */
  static Schema child(Schema schema, String name) {
    if (schema == null) {
      return null;
    }
    Schema.Field field = schema.fields().get(name);
    return field == null ? schema.element() : field.schema();
  }

  /** The path element of an item of a list of the shape. */
  String element(Schema list, JsonNode item) {
    return this == KEYED ? PathElements.key(list, item) : PathElements.value(item);
  }
}
