package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Metadata that only the server sets and every update keeps. */
final class ServerFields {
  private ServerFields() {}

  static void keep(ObjectNode object, ObjectNode current) {
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    JsonNode old = current.get("metadata");
    metadata.remove("resourceVersion");
    metadata.remove("selfLink");
    Update.keepField(metadata, old, "creationTimestamp");
    Update.keepField(metadata, old, "generation");
    fill(metadata, old, "uid");
    fill(metadata, old, "deletionGracePeriodSeconds");
    if (old.has("deletionTimestamp")) {
      metadata.set("deletionTimestamp", old.get("deletionTimestamp"));
    }
  }

  private static void fill(ObjectNode metadata, JsonNode old, String field) {
    if (!metadata.has(field) && old.has(field)) {
      metadata.set(field, old.get(field));
    }
  }
}
