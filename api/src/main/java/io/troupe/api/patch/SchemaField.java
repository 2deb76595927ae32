package io.troupe.api.patch;

import io.troupe.api.kinds.Schema;
import io.troupe.api.kinds.Schema.FieldMerge;

/**
 * What strategic merge needs to know of a field; a field that the schema does not know merges
 * without keys.
 *
 * @param schema of the value, null when unknown
 */
record SchemaField(Schema schema, FieldMerge merge) {
  private static final SchemaField UNKNOWN = new SchemaField(null, FieldMerge.NONE);

  static SchemaField of(Schema parent, String name) {
    if (parent == null) {
      return UNKNOWN;
    }
    Schema.Field field = parent.fields().get(name);
    if (field != null) {
      return new SchemaField(field.schema(), field.merge());
    }
    return parent.type() == Schema.Type.MAP
        ? new SchemaField(parent.element(), FieldMerge.NONE)
        : UNKNOWN;
  }

  /** {@code merge}, {@code replace} or "". */
  String strategy() {
    for (String strategy : merge.strategies()) {
      if (!strategy.equals("retainKeys")) {
        return strategy;
      }
    }
    return "";
  }

  /** "" for a list of scalars. */
  String mergeKey() {
    return merge.key();
  }

  Schema element() {
    return schema == null ? null : schema.element();
  }
}
