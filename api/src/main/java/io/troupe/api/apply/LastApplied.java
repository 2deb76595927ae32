package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The annotation in which client-side {@code kubectl apply} keeps its last configuration. {@code
 * kubectl apply --server-side} takes over what it says without conflicts, and keeps it up to date.
 */
final class LastApplied {
  static final String KUBECTL = "kubectl";

  private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  /** All annotations of an object together, keys and values in bytes. */
  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  private LastApplied() {}

  /** The fields that the annotation says and the object still has; empty when there is none. */
  static FieldSet fields(ObjectNode live, ManagedWrite write) {
    String text = Json.text(live, "metadata", "annotations", ANNOTATION);
    if (text.isEmpty()) {
      return FieldSet.EMPTY;
    }
    try {
      ObjectNode last = Json.parse(text);
      if (!Json.text(last, "apiVersion").equals(write.apiVersion())) {
        return FieldSet.EMPTY;
      }
      TypedCheck.check(last, write.schema());
      Comparison comparison = Comparer.compare(last, live, write.schema());
      return FieldExtraction.of(last, write.schema())
          .difference(comparison.modified())
          .difference(comparison.added())
          .difference(comparison.removed());
    } catch (UncheckedIOException | ClassCastException | TypedException e) {
      return FieldSet.EMPTY;
    }
  }

  /** Puts the configuration into the annotation of an object of the caller's own, if it has one. */
  static void keep(ObjectNode result, ObjectNode config) {
    if (Json.text(result, "metadata", "annotations", ANNOTATION).isEmpty()) {
      return;
    }
    ObjectNode metadata = ManagedFields.withoutField(result.get("metadata"), "");
    ObjectNode annotations = ManagedFields.withoutField(metadata.get("annotations"), ANNOTATION);
    annotations.put(ANNOTATION, text(config));
    if (bytes(annotations) > ANNOTATIONS_BYTES_MAX) {
      annotations.remove(ANNOTATION);
    }
    metadata.set("annotations", annotations);
    result.set("metadata", metadata);
  }

  private static String text(ObjectNode config) {
    ObjectNode copy = config.deepCopy();
    if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(ANNOTATION);
      if (annotations.isEmpty()) {
        ((ObjectNode) copy.get("metadata")).remove("annotations");
      }
    }
    return copy + "\n";
  }

  private static int bytes(ObjectNode annotations) {
    int bytes = 0;
    for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
      bytes += annotation.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += annotation.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }
}
