package io.troupe.api.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How the two OpenAPI versions differ where schemas are concerned. */
enum Dialect {
  V2("#/definitions/"),
  V3("#/components/schemas/");

  private final String prefix;

  Dialect(String prefix) {
    this.prefix = prefix;
  }

  String reference(String definition) {
    return prefix + definition;
  }

  boolean hasDefaults() {
    return this == V3;
  }

  /** Makes a property refer to a definition; version 3 allows no siblings of a reference. */
  void refer(ObjectNode node, String definition) {
    ObjectNode holder = this == V3 ? node.putArray("allOf").addObject() : node;
    holder.put("$ref", reference(definition));
  }

  /** A value of either of two types; version 2 can only say string. */
  void either(ObjectNode node, String first, String second, String format) {
    if (!format.isEmpty()) {
      node.put("format", format);
    }
    if (this == V2) {
      node.put("type", "string");
      return;
    }
    var oneOf = node.putArray("oneOf");
    oneOf.addObject().put("type", first);
    oneOf.addObject().put("type", second);
  }
}
