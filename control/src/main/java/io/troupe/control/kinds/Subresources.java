package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.apply.ServerSideApply;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.patch.Patches;
import io.troupe.control.kinds.strategy.SubresourceRule;
import io.troupe.persistence.store.Command.PatchObject;
import io.troupe.persistence.store.Decision;

/** Writes to subresources other than {@code status}: the kind's rule says what they change. */
final class Subresources {
  private Subresources() {}

  static Decision put(Write write, ObjectNode current, byte[] bytes) {
    require(write, current);
    SubresourceRule rule = rule(write);
    ObjectNode body = rule.hasOwnKind() ? tree(bytes) : Bodies.read(write, bytes);
    if (rule.hasOwnKind()) {
      Bodies.checkNamespace(write, body);
    }
    Bodies.checkName(write, body);
    return written(write, rule, current, body);
  }

  static Decision patch(Write write, ObjectNode current, PatchObject command) {
    require(write, current);
    SubresourceRule rule = rule(write);
    ObjectNode view = rule.view(current, write.facts());
    ObjectNode patch = command.type() == PatchType.JSON ? null : tree(command.patch());
    ObjectNode body;
    if (command.type() != PatchType.APPLY) {
      body =
          Patches.apply(
              command.type(),
              view,
              patch == null ? Patching.patchTree(command.patch()) : patch,
              write.kind().schema());
    } else if (rule.hasOwnKind()) {
      body = Patches.apply(PatchType.MERGE, view, patch, write.kind().schema());
    } else {
      body = ServerSideApply.apply(view, patch, write.managed(), command.force());
    }
    if (!rule.hasOwnKind()) {
      body = Bodies.read(write, body);
    }
    return written(write, rule, current, body);
  }

  private static ObjectNode tree(byte[] bytes) {
    if (Patching.patchTree(bytes) instanceof ObjectNode tree) {
      return tree;
    }
    throw new RefusedException(Refusal.badRequest("the body must be a JSON object"));
  }

  private static Decision written(
      Write write, SubresourceRule rule, ObjectNode current, ObjectNode body) {
    Preconditions.uid(write, body, current);
    Preconditions.revision(write, body, current);
    if (!rule.hasOwnKind()) {
      write.strategy().defaults().accept(body);
    }
    ObjectNode object = rule.write(body, current, write.facts());
    object = Shape.copy(object);
    write.own(current, object);
    ServerFields.keep(object, current);
    return Update.checkedAndStored(write, object, current);
  }

  private static void require(Write write, ObjectNode current) {
    if (current == null) {
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
  }

  private static SubresourceRule rule(Write write) {
    SubresourceRule rule = write.strategy().subresources().get(write.facts().subresource());
    if (rule == null) {
      Kind kind = write.kind();
      throw write.refuse(
          Refusal.notSupported(
              "writing " + kind.resource().plural() + "/" + write.facts().subresource()));
    }
    return rule;
  }
}
