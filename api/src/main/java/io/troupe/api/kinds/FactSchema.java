package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A schema from the facts: a shape, shared by all that refer to it and made on first use, and what
 * one field adds to it.
 */
record FactSchema(
    Supplier<Shape> shape,
    ListType listType,
    List<String> listMapKeys,
    String mapType,
    List<String> enumValues,
    JsonNode defaultValue,
    String goType)
    implements Schema {

  /**
   * What a type name means, apart from any field.
   *
   * @param embeds Go names of the embedded structs, by their path of protobuf numbers
   */
  record Shape(
      Type type,
      String format,
      String definition,
      boolean atomic,
      Supplier<Map<String, Field>> allFields,
      Schema element,
      Map<List<Integer>, String> embeds) {
    static Shape leaf(Type type, String format) {
      return new Shape(type, format, "", false, Map::of, null, Map.of());
    }

    static Shape of(Type type, Schema element) {
      return new Shape(type, "", "", false, Map::of, element, Map.of());
    }

    Shape named(String name) {
      return new Shape(type, format, name, atomic, allFields, element, embeds);
    }
  }

  static FactSchema of(Supplier<Shape> shape) {
    return item(shape, List.of(), "");
  }

  /** An element of a list or map. */
  static FactSchema item(Supplier<Shape> shape, List<String> enumValues, String goType) {
    return new FactSchema(shape, ListType.ATOMIC, List.of(), "", enumValues, null, goType);
  }

  /** The name of the type in upstream's decoder messages, for example {@code v1.PodSpec}. */
  String goName() {
    return goType.isEmpty() ? GoNames.of(this) : goType;
  }

  /** Go names of the embedded structs that hold a field. */
  List<String> embedded(Field field) {
    List<Integer> path = field.within();
    return IntStream.rangeClosed(1, path.size())
        .mapToObj(length -> shape.get().embeds().get(path.subList(0, length)))
        .toList();
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
    return mapType.isEmpty() ? shape.get().atomic() : mapType.equals("atomic");
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
