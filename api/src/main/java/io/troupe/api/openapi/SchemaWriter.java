package io.troupe.api.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes schemas as OpenAPI, and gathers the definitions that they refer to. */
final class SchemaWriter {
  private static final String ANY_OF_EITHER =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON";

  private final Dialect dialect;
  private final Descriptions descriptions;
  private final Map<String, ObjectNode> written = new TreeMap<>();
  private final Deque<Schema> waiting = new ArrayDeque<>();

  SchemaWriter(Dialect dialect, Descriptions descriptions) {
    this.dialect = dialect;
    this.descriptions = descriptions;
  }

  /** A reference to a definition, which will be among {@link #definitions}. */
  ObjectNode reference(Schema schema) {
    need(schema);
    return Json.object().put("$ref", dialect.reference(schema.definition()));
  }

  private void need(Schema schema) {
    if (!written.containsKey(schema.definition())) {
      written.put(schema.definition(), Json.object());
      waiting.add(schema);
    }
  }

  /** All definitions that were referred to, by name. */
  Map<String, ObjectNode> definitions() {
    while (!waiting.isEmpty()) {
      Schema schema = waiting.remove();
      written.put(schema.definition(), definition(schema));
    }
    return written;
  }

  private ObjectNode definition(Schema schema) {
    ObjectNode node = Json.object();
    describe(node, descriptions.of(schema.definition(), ""));
    switch (schema.type()) {
      case OBJECT -> object(node, schema);
      case ANY -> {
        if (!schema.definition().startsWith(ANY_OF_EITHER)) {
          node.put("type", "object");
        }
      }
      case QUANTITY -> dialect.either(node, "string", "number", "");
      case INT_OR_STRING -> dialect.either(node, "integer", "string", "int-or-string");
      default -> scalar(node, schema);
    }
    if (schema.atomic()) {
      node.put("x-kubernetes-map-type", "atomic");
    }
    return node;
  }

  private void object(ObjectNode node, Schema schema) {
    node.put("type", "object");
    ArrayNode required = Json.array();
    schema.fields().values().stream()
        .filter(Schema.Field::required)
        .forEach(field -> required.add(field.name()));
    ObjectNode properties = Json.object();
    new TreeMap<>(schema.fields())
        .forEach((name, field) -> properties.set(name, property(schema, field)));
    if (!required.isEmpty()) {
      node.set("required", required);
    }
    if (!properties.isEmpty()) {
      node.set("properties", properties);
    }
  }

  private ObjectNode property(Schema owner, Schema.Field field) {
    ObjectNode node = Json.object();
    Schema schema = field.schema();
    String text = descriptions.of(owner.definition(), field.name());
    boolean refers = text.isEmpty() && !schema.definition().isEmpty();
    describe(node, refers ? descriptions.of(schema.definition(), "") : text);
    if (dialect.hasDefaults()) {
      defaultOf(node, field);
    }
    property(node, schema);
    if (schema.type() == Schema.Type.LIST && !isItemsOfList(owner, field)) {
      listExtensions(node, schema);
    } else if (schema.type() == Schema.Type.MAP && schema.atomic()) {
      node.put("x-kubernetes-map-type", "atomic");
    }
    mergeExtensions(node, field.merge());
    return node;
  }

  private static void defaultOf(ObjectNode node, Schema.Field field) {
    Schema schema = field.schema();
    if (schema.defaultValue() != null) {
      node.set("default", schema.defaultValue());
    } else if (field.presence() == Schema.Presence.ALWAYS_WRITTEN) {
      switch (schema.type()) {
        case OBJECT -> node.set("default", Json.object());
        case STRING -> {
          if (schema.format().isEmpty()) {
            node.put("default", "");
          }
        }
        case INTEGER, NUMBER -> node.put("default", 0);
        case BOOLEAN -> node.put("default", false);
        case MAP, LIST, ANY, QUANTITY, INT_OR_STRING -> {
          // Upstream states none.
        }
      }
    }
  }

  /** The items of a kind's list are no list in the sense of server-side apply. */
  private static boolean isItemsOfList(Schema owner, Schema.Field field) {
    return field.name().equals("items") && owner.definition().endsWith("List");
  }

  private void property(ObjectNode node, Schema schema) {
    if (isReference(schema)) {
      need(schema);
      dialect.refer(node, schema.definition());
    } else {
      value(node, schema);
    }
  }

  private static boolean isReference(Schema schema) {
    return !schema.definition().isEmpty() && schema.type() != Schema.Type.LIST;
  }

  /** The type of a value, into a node that may hold a description already. */
  private void value(ObjectNode node, Schema schema) {
    if (isReference(schema)) {
      node.setAll(reference(schema));
      return;
    }
    switch (schema.type()) {
      case LIST -> node.put("type", "array").set("items", item(schema.element()));
      case MAP -> node.put("type", "object").set("additionalProperties", item(schema.element()));
      case OBJECT -> object(node, schema);
      case ANY -> node.put("type", "object");
      case QUANTITY -> dialect.either(node, "string", "number", "");
      case INT_OR_STRING -> dialect.either(node, "integer", "string", "int-or-string");
      case STRING, INTEGER, NUMBER, BOOLEAN -> scalar(node, schema);
    }
  }

  private ObjectNode item(Schema element) {
    ObjectNode node = Json.object();
    value(node, element);
    return node;
  }

  private static void scalar(ObjectNode node, Schema schema) {
    node.put("type", schema.type().name().toLowerCase(Locale.ROOT));
    if (!schema.format().isEmpty()) {
      node.put("format", schema.format().equals("micro-time") ? "date-time" : schema.format());
    }
    if (!schema.enumValues().isEmpty()) {
      strings(node.putArray("enum"), schema.enumValues());
    }
  }

  private static void listExtensions(ObjectNode node, Schema schema) {
    if (!schema.listMapKeys().isEmpty()) {
      strings(node.putArray("x-kubernetes-list-map-keys"), schema.listMapKeys());
    }
    String type =
        switch (schema.listType()) {
          case ATOMIC -> "atomic";
          case SET -> "set";
          case MAP -> "map";
        };
    node.put("x-kubernetes-list-type", type);
  }

  private static void mergeExtensions(ObjectNode node, Schema.FieldMerge merge) {
    if (!merge.key().isEmpty()) {
      node.put("x-kubernetes-patch-merge-key", merge.key());
    }
    if (!merge.strategies().isEmpty()) {
      node.put("x-kubernetes-patch-strategy", String.join(",", merge.strategies()));
    }
  }

  private static void strings(ArrayNode array, List<String> texts) {
    texts.forEach(text -> array.add(JsonNodeFactory.instance.textNode(text)));
  }

  private static void describe(ObjectNode node, String text) {
    if (!text.isEmpty()) {
      node.put("description", text);
    }
  }
}
