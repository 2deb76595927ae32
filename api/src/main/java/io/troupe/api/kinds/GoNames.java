package io.troupe.api.kinds;

/**
 * Type names as upstream's JSON decoder prints them in its errors ({@code []v1.Container}, {@code
 * int32}). Clients and tests match on these messages, so they are part of the API.
 */
final class GoNames {
  private GoNames() {}

  /** The name that follows from a shape. */
  static String of(Schema schema) {
    String definition = schema.definition();
    if (!definition.isEmpty()) {
      int name = definition.lastIndexOf('.');
      return definition.substring(definition.lastIndexOf('.', name - 1) + 1);
    }
    return switch (schema.type()) {
      case OBJECT, ANY -> "interface {}";
      case MAP -> "map[string]" + nameOf(schema.element());
      case LIST -> "[]" + nameOf(schema.element());
      case STRING -> schema.format().equals("byte") ? "[]uint8" : "string";
      case INTEGER -> schema.format();
      case NUMBER -> "float64";
      case BOOLEAN -> "bool";
      case INT_OR_STRING -> "int32";
      case QUANTITY -> "resource.Quantity";
    };
  }

  static String nameOf(Schema schema) {
    return schema instanceof FactSchema fact ? fact.goName() : of(schema);
  }

  /** The struct's own name, as it stands before a field's path. */
  static String struct(Schema schema) {
    return schema.definition().substring(schema.definition().lastIndexOf('.') + 1);
  }

  /** The element of a list or map type that is written out; "" for named types. */
  static String element(String goType) {
    boolean composed = goType.startsWith("[]") || goType.startsWith("map[");
    return composed ? goType.substring(goType.indexOf(']') + 1) : "";
  }
}
