package io.troupe.api.codec;

import io.troupe.api.kinds.Schema;

/**
 * How a value stands on the wire.
 *
 * @param element of {@code REPEATED}, {@code WRAPPED_LIST} and {@code MAP}; null otherwise
 * @param message the schema of a {@code MESSAGE}, and of the JSON schema behind the {@code
 *     SCHEMA_OR_…} kinds; null otherwise
 */
record WireType(Kind kind, WireType element, Schema message) {

  /** The encodings, one for each shape of Go types that upstream's generator knows. */
  enum Kind {
    STRING,
    BYTES,
    BOOL,
    INT32,
    INT64,
    DOUBLE,
    /** A message of seconds and nanoseconds; empty for the zero time. */
    TIME,
    MICRO_TIME,
    /** A message with the canonical text. */
    QUANTITY,
    INT_OR_STRING,
    /** A message with bytes of JSON: {@code RawExtension}, {@code FieldsV1}, {@code JSON}. */
    RAW,
    SCHEMA_OR_BOOL,
    SCHEMA_OR_ARRAY,
    SCHEMA_OR_STRINGS,
    MESSAGE,
    REPEATED,
    /** A named list type is a message that holds the list. */
    WRAPPED_LIST,
    MAP
  }

  private static final String APIEXTENSIONS =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

  /**
   * The wire type of a value.
   *
   * @param owner the schema of the message that holds it: only JSON schemas hold JSON schemas
   */
  static WireType of(Schema schema, Schema owner) {
    return switch (schema.type()) {
      case OBJECT -> new WireType(Kind.MESSAGE, null, schema);
      case MAP -> new WireType(Kind.MAP, of(schema.element(), owner), null);
      case LIST -> {
        boolean named = !schema.definition().isEmpty();
        Kind kind = named ? Kind.WRAPPED_LIST : Kind.REPEATED;
        yield new WireType(kind, of(schema.element(), owner), null);
      }
      case STRING -> leaf(text(schema.format()));
      case INTEGER -> leaf(schema.format().equals("int64") ? Kind.INT64 : Kind.INT32);
      case NUMBER -> leaf(Kind.DOUBLE);
      case BOOLEAN -> leaf(Kind.BOOL);
      case INT_OR_STRING -> leaf(Kind.INT_OR_STRING);
      case QUANTITY -> leaf(Kind.QUANTITY);
      case ANY -> new WireType(any(schema.definition()), null, owner);
    };
  }

  private static WireType leaf(Kind kind) {
    return new WireType(kind, null, null);
  }

  private static Kind text(String format) {
    return switch (format) {
      case "byte" -> Kind.BYTES;
      case "date-time" -> Kind.TIME;
      case "micro-time" -> Kind.MICRO_TIME;
      default -> Kind.STRING;
    };
  }

  private static Kind any(String definition) {
    if (!definition.startsWith(APIEXTENSIONS)) {
      return Kind.RAW;
    }
    return switch (definition.substring(APIEXTENSIONS.length())) {
      case "JSONSchemaPropsOrBool" -> Kind.SCHEMA_OR_BOOL;
      case "JSONSchemaPropsOrArray" -> Kind.SCHEMA_OR_ARRAY;
      case "JSONSchemaPropsOrStringArray" -> Kind.SCHEMA_OR_STRINGS;
      default -> Kind.RAW;
    };
  }
}
