package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Same;
import java.util.List;
import java.util.Map;

/** The stored form of an object: order of fields, what the server alone sets, what a change is. */
final class Shape {
  private static final List<String> METADATA_ORDER =
      List.of(
          "name",
          "generateName",
          "namespace",
          "uid",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "labels",
          "annotations",
          "ownerReferences",
          "finalizers",
          "managedFields");

  private Shape() {}

  /** The object as it is stored: apiVersion, kind, metadata, the rest; without resourceVersion. */
  static ObjectNode stored(ObjectNode object, String apiVersion, String kind) {
    ObjectNode shaped = Json.object();
    shaped.put("apiVersion", apiVersion).put("kind", kind);
    shaped.set("metadata", metadata((ObjectNode) object.get("metadata")));
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!shaped.has(field.getKey()) && !field.getValue().isNull()) {
        shaped.set(field.getKey(), field.getValue());
      }
    }
    return shaped;
  }

  private static ObjectNode metadata(ObjectNode metadata) {
    ObjectNode ordered = Json.object();
    for (String field : METADATA_ORDER) {
      JsonNode value = metadata.get(field);
      if (!Same.isEmpty(value)) {
        ordered.set(field, value);
      }
    }
    return ordered;
  }

  /** A copy that shares everything but the object itself and its metadata. */
  static ObjectNode copy(ObjectNode object) {
    ObjectNode copy = Json.object();
    copy.setAll(object);
    ObjectNode metadata = Json.object();
    metadata.setAll((ObjectNode) object.get("metadata"));
    copy.set("metadata", metadata);
    return copy;
  }

  /** Whether two forms differ in nothing but resourceVersion and the times of managed fields. */
  static boolean same(ObjectNode a, ObjectNode b) {
    return sameBut(a, b, "metadata")
        && sameBut(b, a, "metadata")
        && sameMetadata(a.get("metadata"), b.get("metadata"))
        && sameMetadata(b.get("metadata"), a.get("metadata"));
  }

  private static boolean sameBut(JsonNode a, JsonNode b, String skipped) {
    for (Map.Entry<String, JsonNode> field : a.properties()) {
      if (!field.getKey().equals(skipped) && !Same.equal(field.getValue(), b.get(field.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameMetadata(JsonNode a, JsonNode b) {
    for (Map.Entry<String, JsonNode> field : a.properties()) {
      String name = field.getKey();
      if (name.equals("resourceVersion") || name.equals("selfLink")) {
        continue;
      }
      boolean same =
          name.equals("managedFields")
              ? sameManagers(field.getValue(), b.get(name))
              : Same.equal(field.getValue(), b.get(name));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameManagers(JsonNode a, JsonNode b) {
    if (b == null || a.size() != b.size()) {
      return Same.isEmpty(a) && Same.isEmpty(b);
    }
    for (int i = 0; i < a.size(); i++) {
      if (!sameBut(a.get(i), b.get(i), "time") || !sameBut(b.get(i), a.get(i), "time")) {
        return false;
      }
    }
    return true;
  }
}
