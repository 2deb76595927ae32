package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Columns.Column;
import java.util.ArrayList;
import java.util.List;

/** Objects as {@code meta.k8s.io/v1} tables: what {@code kubectl get} shows. */
public final class Tables {
  private static final Columns CREATED_AT =
      Columns.of("Name", "Created At")
          .row((o, now, row) -> row.add(Json.text(o, "metadata", "creationTimestamp")));

  private final Strategies strategies;

  public Tables(Strategies strategies) {
    this.strategies = strategies;
  }

  /** How much of each object goes into its row. */
  public enum IncludeObject {
    NONE,
    /** As {@code PartialObjectMetadata}: the default. */
    METADATA,
    OBJECT
  }

  /** The columns of a kind: NAME and CREATED AT when it has none of its own. */
  public Columns columns(Kind kind) {
    Columns own = strategies.of(kind).columns();
    return own == null ? CREATED_AT : own;
  }

  /**
   * A table without list metadata (resourceVersion and continue are the caller's).
   *
   * @param items objects as they are stored, never changed
   */
  public ObjectNode render(
      Kind kind, List<ObjectNode> items, long nowMillis, IncludeObject include) {
    ObjectNode table = Json.object();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1").putObject("metadata");
    table.set("columnDefinitions", definitions(kind));
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode item : items) {
      rows.add(row(kind, item, nowMillis, include));
    }
    return table;
  }

  public ArrayNode definitions(Kind kind) {
    ArrayNode definitions = Json.array();
    for (Column column : columns(kind).definitions()) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.format())
          .put("description", "")
          .put("priority", column.priority());
    }
    return definitions;
  }

  /** One row, also for watch events. */
  public ObjectNode row(Kind kind, ObjectNode item, long nowMillis, IncludeObject include) {
    List<Object> values = new ArrayList<>();
    columns(kind).cells().write(item, nowMillis, values);
    ObjectNode row = Json.object();
    ArrayNode cells = row.putArray("cells");
    for (Object value : values) {
      switch (value) {
        case Long number -> cells.add(number);
        case Boolean flag -> cells.add(flag);
        default -> cells.add(value.toString());
      }
    }
    switch (include) {
      case NONE -> row.putNull("object");
      case METADATA -> row.set("object", metadataOnly(item));
      case OBJECT -> row.set("object", item);
    }
    return row;
  }

  private static ObjectNode metadataOnly(ObjectNode item) {
    ObjectNode partial = Json.object();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", item.get("metadata"));
    return partial;
  }
}
