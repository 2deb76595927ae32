package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * The shape of a JSON value: enough for validation, pruning, defaults, strategic merge, server-side
 * apply, protobuf and OpenAPI. Schemas may be recursive ({@code JSONSchemaProps}), so an
 * implementation resolves references lazily.
 */
public interface Schema {
  /**
   * What a value is. {@code OBJECT} has known fields, {@code MAP} has any keys and one element
   * schema.
   */
  enum Type {
    OBJECT,
    MAP,
    LIST,
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    /** An integer or a string ({@code IntOrString}). */
    INT_OR_STRING,
    /** {@code resource.Quantity}: a string on output, a number is accepted. */
    QUANTITY,
    /** Any JSON value ({@code RawExtension}, {@code JSON}, {@code FieldsV1}): never pruned. */
    ANY
  }

  /** How server-side apply merges a list. */
  enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  /**
   * A field of an {@code OBJECT}.
   *
   * @param protobuf field number, 0 when it has none
   * @param within the numbers of the embedded messages, outermost first, that hold the field in
   *     protobuf while JSON shows it flat ({@code Volume.emptyDir} is field 2 of the volume source,
   *     which is field 2 of the volume); mostly empty
   */
  record Field(
      String name,
      Schema schema,
      boolean required,
      int protobuf,
      FieldMerge merge,
      List<Integer> within,
      Presence presence) {
    public Field(String name, Schema schema, boolean required, int protobuf, FieldMerge merge) {
      this(name, schema, required, protobuf, merge, List.of(), Presence.AS_GIVEN);
    }
  }

  /**
   * What an empty value of a field means ("" or 0, false, an empty list or map, an empty struct).
   * Protobuf writes zero values, so its decoder needs this to give back the JSON that upstream
   * would.
   */
  enum Presence {
    /** A pointer: absent and empty differ, and both are kept. */
    AS_GIVEN,
    /** Empty is the same as absent and is left out. */
    OMITTED_WHEN_EMPTY,
    /** Always written, also when empty or never given. */
    ALWAYS_WRITTEN
  }

  /**
   * Strategic merge of the field: {@code patchMergeKey} ("" for none) and {@code patchStrategy}
   * ({@code merge}, {@code replace}, {@code retainKeys}).
   */
  record FieldMerge(String key, List<String> strategies) {
    public static final FieldMerge NONE = new FieldMerge("", List.of());
  }

  Type type();

  /**
   * {@code int32}, {@code int64}, {@code double}, {@code date-time}, {@code micro-time}, {@code
   * byte}, or "".
   */
  String format();

  /**
   * The OpenAPI definition's name, for example {@code io.k8s.api.core.v1.PodSpec}; "" for anonymous
   * shapes.
   */
  String definition();

  /** The known fields of an {@code OBJECT}, in the order of the source; empty otherwise. */
  Map<String, Field> fields();

  /** The items of a {@code LIST}, the values of a {@code MAP}; null otherwise. */
  Schema element();

  ListType listType();

  /** Keys of a list with {@link ListType#MAP}. */
  List<String> listMapKeys();

  /** Whether server-side apply owns the whole value ({@code x-kubernetes-map-type: atomic}). */
  boolean atomic();

  /** The allowed values of a string; empty when free. */
  List<String> enumValues();

  /** The default that the schema states (list-map keys need it before apply), or null. */
  JsonNode defaultValue();

  /** Whether unknown fields of an {@code OBJECT} are kept. */
  boolean preservesUnknownFields();

  /** Whether null is a value of its own (CRDs); in built-in kinds null means absent. */
  boolean nullable();
}
