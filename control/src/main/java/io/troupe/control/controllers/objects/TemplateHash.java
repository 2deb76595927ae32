package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import java.nio.charset.StandardCharsets;

/**
 * The {@code pod-template-hash}: 32 bits of FNV-1a over the template and the collision count, in
 * the letters of generated names. Its shape is upstream's, its value is not, since that hashes a
 * dump of Go structs.
 */
public final class TemplateHash {
  public static final String LABEL = "pod-template-hash";

  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private TemplateHash() {}

  /**
   * @param collisions how often another template had the same hash; null for never
   */
  public static String of(JsonNode template, Integer collisions) {
    int hash = FNV_OFFSET;
    String text = Trees.canonical(template) + (collisions == null ? "" : collisions.toString());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return GeneratedName.safeEncode(Integer.toUnsignedString(hash));
  }

  /** Whether two templates are the same but for the hash label that ReplicaSets add. */
  public static boolean sameTemplate(JsonNode one, JsonNode other) {
    return JsonEquality.same(unlabeled(one), unlabeled(other));
  }

  private static JsonNode unlabeled(JsonNode template) {
    ObjectNode copy = template.deepCopy();
    // Some writers state the absent creationTimestamp.
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("creationTimestamp");
    }
    if (Json.at(copy, "metadata", "labels") instanceof ObjectNode labels) {
      labels.remove(LABEL);
    }
    return copy;
  }
}
