package io.troupe.api.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code metadata} of an object; absent texts are {@code ""}. */
public final class Meta {
  private Meta() {}

  public static String name(JsonNode object) {
    return Json.text(object, "metadata", "name");
  }

  public static String namespace(JsonNode object) {
    return Json.text(object, "metadata", "namespace");
  }

  public static String uid(JsonNode object) {
    return Json.text(object, "metadata", "uid");
  }

  /** The resource version as a number, 0 when absent. */
  public static long revision(JsonNode object) {
    String text = Json.text(object, "metadata", "resourceVersion");
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  public static long generation(JsonNode object) {
    return Json.number(object, 0, "metadata", "generation");
  }

  public static boolean isDeleting(JsonNode object) {
    return !Json.text(object, "metadata", "deletionTimestamp").isEmpty();
  }

  public static Map<String, String> labels(JsonNode object) {
    return texts(Json.at(object, "metadata", "labels"));
  }

  public static Map<String, String> annotations(JsonNode object) {
    return texts(Json.at(object, "metadata", "annotations"));
  }

  /** The owner reference with {@code controller: true}, if any. */
  public static Optional<JsonNode> controllerOf(JsonNode object) {
    return Json.items(object, "metadata", "ownerReferences").stream()
        .filter(owner -> Json.flag(owner, false, "controller"))
        .findFirst();
  }

  /** A new owner reference to the object, marked as its controller. */
  public static ObjectNode controllerReference(Resource type, JsonNode owner) {
    ObjectNode reference = Json.object();
    reference.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    reference.put("name", name(owner)).put("uid", uid(owner));
    return reference.put("controller", true).put("blockOwnerDeletion", true);
  }

  public static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
    return texts;
  }
}
