package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Command.PatchObject;
import io.troupe.persistence.store.Decision;

/** Patches of an object or its status; an apply may create. */
final class Patching {
  private Patching() {}

  static Decision patch(Write write, ObjectNode current, PatchObject command) {
    if (command.type() == PatchType.APPLY) {
      return apply(write, current, command);
    }
    if (current == null) {
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
    ObjectNode shown = Versions.toRequested(write.kind(), current);
    ObjectNode next =
        write.trees().patch(command.type(), write.kind().schema(), shown, command.patch());
    Bodies.decode(write, write.kind().schema(), next, "");
    checkIdentity(write, next, current);
    return Update.finish(write, current, Versions.toStored(write.kind(), next), true);
  }

  private static Decision apply(Write write, ObjectNode current, PatchObject command) {
    ObjectNode patch = Json.parse(command.patch());
    if (write.facts().request().fieldManager().isEmpty()) {
      throw write.refuse(
          Refusal.badRequest(
              "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required"
                  + " for apply patch"));
    }
    Bodies.decode(write, write.kind().schema(), patch, "failed to create typed patch object: ");
    Bodies.checkNamespace(write, patch);
    Bodies.checkName(write, patch);
    if (current == null && !write.facts().subresource().isEmpty()) {
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
    ObjectNode live =
        current == null ? skeleton(write) : Versions.toRequested(write.kind(), current);
    ObjectNode merged = write.trees().apply(write.writer(), live, patch, command.force());
    ObjectNode object = Versions.toStored(write.kind(), merged);
    if (current == null) {
      Bodies.checkNamespace(write, object);
      Json.ensure(object, "metadata").remove("resourceVersion");
      return Creation.finish(write, null, object, false);
    }
    checkIdentity(write, object, current);
    return Update.finish(write, current, object, false);
  }

  private static ObjectNode skeleton(Write write) {
    ObjectNode empty = Json.object();
    empty.put("apiVersion", write.kind().resource().apiVersion());
    empty.put("kind", write.kind().resource().kind());
    ObjectNode metadata = empty.putObject("metadata");
    metadata.put("name", write.name());
    if (!write.facts().key().namespace().isEmpty()) {
      metadata.put("namespace", write.facts().key().namespace());
    }
    return empty;
  }

  private static void checkIdentity(Write write, ObjectNode next, ObjectNode current) {
    Bodies.checkNamespace(write, next);
    Bodies.checkName(write, next);
    Preconditions.uid(write, next, current);
    Preconditions.revision(write, next, current);
  }
}
