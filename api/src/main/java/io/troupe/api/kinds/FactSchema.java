package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A schema from the facts: a shape, shared by all that refer to it and made on first use, and what
 * one field adds to it.
 */
record FactSchema(
    Supplier<Shape> shape,
    ListType listType,
    List<String> listMapKeys,
    boolean atomicField,
    List<String> enumValues,
    JsonNode defaultValue)
    implements Schema {

  /** What a type name means, apart from any field. */
  record Shape(
      Type type,
      String format,
      String definition,
      boolean atomic,
      Supplier<Map<String, Field>> allFields,
      Schema element) {
    static Shape leaf(Type type, String format) {
      return new Shape(type, format, "", false, Map::of, null);
    }

    Shape named(String name) {
      return new Shape(type, format, name, atomic, allFields, element);
    }
  }

  static FactSchema of(Supplier<Shape> shape) {
    return new FactSchema(shape, ListType.ATOMIC, List.of(), false, List.of(), null);
  }

  @Override
  public Type type() {
    return shape.get().type();
  }

  @Override
  public String format() {
    return shape.get().format();
  }

  @Override
  public String definition() {
    return shape.get().definition();
  }

  @Override
  public Map<String, Field> fields() {
    return shape.get().allFields().get();
  }

  @Override
  public Schema element() {
    return shape.get().element();
  }

  @Override
  public boolean atomic() {
    return atomicField || shape.get().atomic();
  }

  @Override
  public boolean preservesUnknownFields() {
    return type() == Type.ANY;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public String toString() {
    Shape known = shape.get();
    return known.definition().isEmpty() ? known.type().toString() : known.definition();
  }
}
