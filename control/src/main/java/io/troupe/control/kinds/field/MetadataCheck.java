package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** Rules for {@code metadata} (apimachinery {@code api/validation/objectmeta.go}). */
public final class MetadataCheck {
  private static final int ANNOTATIONS_MAX_BYTES = 256 * 1024;
  private static final String IMMUTABLE = "field is immutable";

  private MetadataCheck() {}

  /** A new object's metadata. */
  public static void create(
      JsonNode metadata,
      boolean namespaced,
      Function<String, List<String>> nameRule,
      Errors errors) {
    FieldPath path = FieldPath.METADATA;
    String generateName = Json.text(metadata, "generateName");
    if (!generateName.isEmpty()) {
      String probe = generateName.endsWith("-") ? generateName + "a" : generateName;
      errors.invalid(path.child("generateName"), generateName, nameRule.apply(probe));
    }
    String name = Json.text(metadata, "name");
    if (name.isEmpty()) {
      errors.required(path.child("name"), "name or generateName is required");
    } else {
      errors.invalid(path.child("name"), name, nameRule.apply(name));
    }
    common(metadata, namespaced, path, errors);
    finalizers(metadata.get("finalizers"), path.child("finalizers"), errors);
  }

  /** Metadata of an update; both sides are already merged with what the server keeps. */
  public static void update(JsonNode metadata, JsonNode old, boolean namespaced, Errors errors) {
    FieldPath path = FieldPath.METADATA;
    common(metadata, namespaced, path, errors);
    finalizers(metadata.get("finalizers"), path.child("finalizers"), errors);
    if (old.has("deletionTimestamp")) {
      noNewFinalizers(metadata, old, path, errors);
    }
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      if (!Same.equal(metadata, old, field)) {
        errors.invalid(path.child(field), metadata.path(field), IMMUTABLE);
      }
    }
  }

  private static void common(JsonNode metadata, boolean namespaced, FieldPath path, Errors errors) {
    String namespace = Json.text(metadata, "namespace");
    if (!namespaced && !namespace.isEmpty()) {
      errors.forbidden(path.child("namespace"), "not allowed on this type");
    } else if (namespaced && namespace.isEmpty()) {
      errors.required(path.child("namespace"), "");
    } else if (namespaced) {
      errors.invalid(path.child("namespace"), namespace, Names.dnsLabel(namespace));
    }
    labels(metadata.get("labels"), path.child("labels"), errors);
    annotations(metadata.get("annotations"), path.child("annotations"), errors);
    owners(metadata.get("ownerReferences"), path.child("ownerReferences"), errors);
  }

  public static void labels(JsonNode labels, FieldPath path, Errors errors) {
    if (labels instanceof ObjectNode) {
      for (Map.Entry<String, JsonNode> label : labels.properties()) {
        errors.invalid(path, label.getKey(), Names.qualifiedName(label.getKey()));
        String value = label.getValue().asText();
        errors.invalid(path, value, Names.labelValue(value));
      }
    }
  }

  public static void annotations(JsonNode annotations, FieldPath path, Errors errors) {
    if (annotations instanceof ObjectNode) {
      long bytes = 0;
      for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
        String key = annotation.getKey();
        errors.invalid(path, key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
        bytes += key.length() + (long) annotation.getValue().asText().length();
      }
      if (bytes > ANNOTATIONS_MAX_BYTES) {
        errors.tooLong(path, ANNOTATIONS_MAX_BYTES);
      }
    }
  }

  private static void owners(JsonNode owners, FieldPath path, Errors errors) {
    if (owners == null || owners.isEmpty()) {
      return;
    }
    String controller = "";
    for (int i = 0; i < owners.size(); i++) {
      JsonNode owner = owners.get(i);
      FieldPath at = path.index(i);
      String apiVersion = Json.text(owner, "apiVersion");
      if (apiVersion.isEmpty()) {
        errors.required(at.child("apiVersion"), "must not be empty");
      } else if (apiVersion.chars().filter(c -> c == '/').count() > 1 || apiVersion.endsWith("/")) {
        errors.invalid(
            at.child("apiVersion"), apiVersion, "must be <group>/<version> or <version>");
      }
      for (String field : List.of("kind", "name", "uid")) {
        if (Json.text(owner, field).isEmpty()) {
          errors.required(at.child(field), "must not be empty");
        }
      }
      if (apiVersion.equals("v1") && Json.text(owner, "kind").equals("Event")) {
        errors.invalid(at, owner, "/v1, Kind=Event is disallowed from being an owner");
      }
      if (Json.flag(owner, false, "controller")) {
        String shown = Json.text(owner, "kind") + "/" + Json.text(owner, "name");
        if (!controller.isEmpty()) {
          errors.invalid(
              path,
              owners,
              "Only one reference can have Controller set to true. Found \"true\" in references"
                  + " for "
                  + controller
                  + " and "
                  + shown);
        } else {
          controller = shown;
        }
      }
    }
  }

  private static void finalizers(JsonNode finalizers, FieldPath path, Errors errors) {
    if (finalizers == null || finalizers.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (JsonNode finalizer : finalizers) {
      names.add(finalizer.asText());
      errors.invalid(path, finalizer.asText(), Names.qualifiedName(finalizer.asText()));
    }
    if (names.contains("orphan") && names.contains("foregroundDeletion")) {
      errors.invalid(
          path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
    }
  }

  private static void noNewFinalizers(
      JsonNode metadata, JsonNode old, FieldPath path, Errors errors) {
    TreeSet<String> added = new TreeSet<>();
    Json.items(metadata, "finalizers").forEach(f -> added.add(f.asText()));
    Json.items(old, "finalizers").forEach(f -> added.remove(f.asText()));
    if (!added.isEmpty()) {
      List<String> quoted = added.stream().map(Errors::quote).toList();
      errors.forbidden(
          path.child("finalizers"),
          "no new finalizers can be added if the object is being deleted, found new finalizers"
              + " []string{"
              + String.join(", ", quoted)
              + "}");
    }
  }
}
