package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.apply.ServerSideApply;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.patch.Patches;
import io.troupe.persistence.store.Command.PatchObject;
import io.troupe.persistence.store.Decision;
import java.io.IOException;

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
    ObjectNode patched =
        Patches.apply(command.type(), shown, patchTree(command.patch()), write.kind().schema());
    ObjectNode next = Bodies.read(write, patched);
    checkIdentity(write, next, current);
    return Update.finish(write, current, Versions.toStored(write.kind(), next), true);
  }

  private static Decision apply(Write write, ObjectNode current, PatchObject command) {
    if (write.facts().request().fieldManager().isEmpty()) {
      throw write.refuse(
          Refusal.badRequest(
              "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required"
                  + " for apply patch"));
    }
    if (!(patchTree(command.patch()) instanceof ObjectNode config)) {
      throw write.refuse(Refusal.badRequest("the applied configuration must be an object"));
    }
    if (current == null && !write.facts().subresource().isEmpty()) {
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
    ObjectNode live = current == null ? null : Versions.toRequested(write.kind(), current);
    ObjectNode merged = ServerSideApply.apply(live, config, write.managed(), command.force());
    ObjectNode object = Versions.toStored(write.kind(), Bodies.read(write, merged));
    if (current == null) {
      Bodies.checkNamespace(write, object);
      Bodies.checkName(write, object);
      Json.ensure(object, "metadata").remove("resourceVersion");
      return Creation.finish(write, null, object, false);
    }
    checkIdentity(write, object, current);
    return Update.finish(write, current, object, false);
  }

  static JsonNode patchTree(byte[] patch) {
    try {
      return Json.MAPPER.readTree(patch);
    } catch (IOException e) {
      throw new RefusedException(
          Refusal.badRequest(
              "error decoding patch: " + e.getMessage().lines().findFirst().orElse("")));
    }
  }

  private static void checkIdentity(Write write, ObjectNode next, ObjectNode current) {
    Bodies.checkNamespace(write, next);
    Bodies.checkName(write, next);
    Preconditions.uid(write, next, current);
    Preconditions.revision(write, next, current);
  }
}
