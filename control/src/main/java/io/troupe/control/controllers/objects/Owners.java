package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Write;

/** Taking possession of objects and giving it up, guarded by uid. */
public final class Owners {
  private Owners() {}

  public static boolean isControlledBy(JsonNode object, JsonNode owner) {
    return Meta.controllerOf(object)
        .filter(ref -> Json.text(ref, "uid").equals(Meta.uid(owner)))
        .isPresent();
  }

  /** Adds the owner as controller; refused if the object changed meanwhile. */
  public static Write adopt(Resource type, JsonNode object, Resource ownerType, JsonNode owner) {
    ArrayNode references = Json.array();
    Json.items(object, "metadata", "ownerReferences").forEach(references::add);
    references.add(Meta.controllerReference(ownerType, owner));
    return referencesPatch(type, object, references);
  }

  /** Removes the owner's reference; refused if the object changed meanwhile. */
  public static Write release(Resource type, JsonNode object, JsonNode owner) {
    ArrayNode references = Json.array();
    Json.items(object, "metadata", "ownerReferences").stream()
        .filter(ref -> !Json.text(ref, "uid").equals(Meta.uid(owner)))
        .forEach(references::add);
    return referencesPatch(type, object, references);
  }

  /** Sets all owner references, guarded by uid and revision. */
  public static Write referencesPatch(Resource type, JsonNode object, ArrayNode references) {
    ObjectNode patch = Json.object();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("uid", Meta.uid(object));
    metadata.put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
    if (references.isEmpty()) {
      metadata.putNull("ownerReferences");
    } else {
      metadata.set("ownerReferences", references);
    }
    return Write.merge(type, object, patch);
  }

  /** Removes a finalizer, guarded by uid and revision. */
  public static Write removeFinalizer(Resource type, JsonNode object, String finalizer) {
    ArrayNode kept = Json.array();
    Json.items(object, "metadata", "finalizers").stream()
        .filter(f -> !f.asText().equals(finalizer))
        .forEach(kept::add);
    return finalizersPatch(type, object, kept);
  }

  public static Write addFinalizer(Resource type, JsonNode object, String finalizer) {
    ArrayNode all = Json.array();
    Json.items(object, "metadata", "finalizers").forEach(all::add);
    all.add(finalizer);
    return finalizersPatch(type, object, all);
  }

  public static boolean hasFinalizer(JsonNode object, String finalizer) {
    return Json.items(object, "metadata", "finalizers").stream()
        .anyMatch(f -> f.asText().equals(finalizer));
  }

  private static Write finalizersPatch(Resource type, JsonNode object, ArrayNode finalizers) {
    ObjectNode patch = Json.object();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("uid", Meta.uid(object));
    metadata.put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
    if (finalizers.isEmpty()) {
      metadata.putNull("finalizers");
    } else {
      metadata.set("finalizers", finalizers);
    }
    return Write.merge(type, object, patch);
  }
}
