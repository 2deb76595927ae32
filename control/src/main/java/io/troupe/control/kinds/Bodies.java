package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import java.util.List;

/** Decoding of request bodies: does the body belong to this path, and does it fit the schema. */
final class Bodies {
  private Bodies() {}

  /** A body of the path's own kind, decoded, with apiVersion and kind set. */
  static ObjectNode read(Write write, byte[] bytes) {
    ObjectNode body = Json.parse(bytes);
    checkKind(write, body);
    decode(write, write.kind().schema(), body, "");
    checkNamespace(write, body);
    return body;
  }

  /** Prunes and checks a tree, as {@code fieldValidation} says. */
  static void decode(Write write, Schema schema, ObjectNode body, String patchPrefix) {
    Resource resource = write.kind().resource();
    Trees.Decoded decoded = write.trees().decode(schema, body);
    if (!decoded.malformed().isEmpty()) {
      throw cannotBeHandled(resource.kind(), resource, decoded.malformed());
    }
    if (decoded.unknown().isEmpty()) {
      return;
    }
    List<String> found =
        decoded.unknown().stream().map(path -> "unknown field \"" + path + "\"").toList();
    switch (write.facts().request().fieldValidation()) {
      case "Ignore" -> {}
      case "Strict" -> {
        String why = "strict decoding error: " + String.join(", ", found);
        throw patchPrefix.isEmpty()
            ? cannotBeHandled(resource.kind(), resource, why)
            : new RefusedException(Refusal.badRequest(patchPrefix + why));
      }
      default -> found.forEach(write.facts()::warn);
    }
  }

  private static void checkKind(Write write, ObjectNode body) {
    Resource resource = write.kind().resource();
    String kind = Json.text(body, "kind");
    String version = Json.text(body, "apiVersion");
    if (kind.isEmpty()) {
      body.put("kind", resource.kind());
    } else if (!kind.equals(resource.kind())) {
      throw cannotBeHandled(
          kind,
          resource,
          "converting ("
              + shownType(version.isEmpty() ? resource.apiVersion() : version, kind)
              + ") to ("
              + internalType(resource)
              + "): unknown conversion");
    }
    if (version.isEmpty()) {
      body.put("apiVersion", resource.apiVersion());
    } else if (!version.equals(resource.apiVersion())) {
      throw new RefusedException(
          Refusal.badRequest(
              "the API version in the data ("
                  + version
                  + ") does not match the expected API version ("
                  + resource.apiVersion()
                  + ")"));
    }
  }

  private static String shownType(String apiVersion, String kind) {
    return apiVersion.substring(apiVersion.indexOf('/') + 1) + "." + kind;
  }

  private static String internalType(Resource resource) {
    String group = resource.group();
    int dot = group.indexOf('.');
    String name = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    return name + "." + resource.kind();
  }

  private static RefusedException cannotBeHandled(String kind, Resource resource, String why) {
    return new RefusedException(
        Refusal.badRequest(
            kind
                + " in version \""
                + resource.version()
                + "\" cannot be handled as a "
                + resource.kind()
                + ": "
                + why));
  }

  /** The namespace and name of a body must be those of the path; absent ones are filled in. */
  static void checkNamespace(Write write, ObjectNode body) {
    ObjectNode metadata = Json.ensure(body, "metadata");
    String wanted = write.facts().key().namespace();
    String namespace = Json.text(metadata, "namespace");
    if (wanted.isEmpty()) {
      if (!namespace.isEmpty()) {
        metadata.remove("namespace");
      }
    } else if (namespace.isEmpty()) {
      metadata.put("namespace", wanted);
    } else if (!namespace.equals(wanted)) {
      throw new RefusedException(
          Refusal.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request"));
    }
  }

  /** The name in the body of an update must be the path's. */
  static void checkName(Write write, ObjectNode body) {
    String name = Meta.name(body);
    if (name.isEmpty()) {
      Json.ensure(body, "metadata").put("name", write.name());
    } else if (!name.equals(write.name())) {
      throw new RefusedException(
          Refusal.badRequest(
              "the name of the object ("
                  + name
                  + ") does not match the name on the URL ("
                  + write.name()
                  + ")"));
    }
  }

  /** A resourceVersion in a body, or "". */
  static String revision(JsonNode body) {
    return Json.text(body, "metadata", "resourceVersion");
  }
}
