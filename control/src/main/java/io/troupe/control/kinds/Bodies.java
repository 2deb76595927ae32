package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.BodyDecoder;
import io.troupe.api.kinds.Decoded;
import io.troupe.api.kinds.FieldValidation;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;

/** Decoding of request bodies: does the body belong to this path, and does it fit the schema. */
final class Bodies {
  private Bodies() {}

  /** A body of the path's own kind, decoded, with apiVersion and kind set. */
  static ObjectNode read(Write write, byte[] bytes) {
    Decoded decoded = BodyDecoder.decode(bytes, write.kind().schema());
    checkKind(write, decoded);
    ObjectNode body = accepted(write, decoded, bytes);
    body.put("apiVersion", write.kind().resource().apiVersion());
    body.put("kind", write.kind().resource().kind());
    checkNamespace(write, body);
    return body;
  }

  /** A tree that a patch made, decoded like a body. */
  static ObjectNode read(Write write, ObjectNode patched) {
    Decoded decoded = BodyDecoder.decode(patched, write.kind().schema());
    checkKind(write, decoded);
    return accepted(write, decoded, new byte[0]);
  }

  private static ObjectNode accepted(Write write, Decoded decoded, byte[] bytes) {
    Resource resource = write.kind().resource();
    FieldValidation mode =
        FieldValidation.parse(write.facts().request().fieldValidation())
            .orElse(FieldValidation.WARN);
    decoded
        .refusal(mode, resource.kind(), resource.version(), bytes)
        .ifPresent(
            refusal -> {
              throw write.refuse(refusal);
            });
    decoded.warnings(mode).forEach(write.facts()::warn);
    return decoded.object();
  }

  private static void checkKind(Write write, Decoded decoded) {
    Resource resource = write.kind().resource();
    String kind = decoded.kind();
    String version = decoded.apiVersion();
    if (!kind.isEmpty() && !kind.equals(resource.kind())) {
      String from = shownType(version.isEmpty() ? resource.apiVersion() : version, kind);
      throw write.refuse(
          Refusal.badRequest(
              kind
                  + " in version \""
                  + resource.version()
                  + "\" cannot be handled as a "
                  + resource.kind()
                  + ": converting ("
                  + from
                  + ") to ("
                  + internalType(resource)
                  + "): unknown conversion"));
    }
    if (!version.isEmpty() && !version.equals(resource.apiVersion())) {
      throw write.refuse(
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
