package io.troupe.api.codec;

/**
 * Field numbers of the messages that hold a JSON schema or something simpler instead
 * (apiextensions' {@code JSONSchemaPropsOr…}).
 */
record SchemaOr(int schema, int other) {
  private static final SchemaOr BOOL = new SchemaOr(2, 1);
  private static final SchemaOr LIST = new SchemaOr(1, 2);

  static SchemaOr of(WireType.Kind kind) {
    return kind == WireType.Kind.SCHEMA_OR_BOOL ? BOOL : LIST;
  }
}
