package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.strategy.Strategy.Trait;

/** What a client states about the object that it means to change. */
final class Preconditions {
  private Preconditions() {}

  static void uid(Write write, JsonNode body, ObjectNode current) {
    String uid = Meta.uid(body);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(current))) {
      throw write.refuse(
          Refusal.conflict(
              write.type(),
              write.name(),
              "Precondition failed: UID in precondition: "
                  + uid
                  + ", UID in object meta: "
                  + Meta.uid(current)));
    }
  }

  static void revision(Write write, JsonNode body, ObjectNode current) {
    String revision = Bodies.revision(body);
    if (revision.isEmpty() || revision.equals("0")) {
      if (write.strategy().has(Trait.CONDITIONAL_UPDATE_ONLY)) {
        Errors errors = new Errors();
        errors.invalid(
            FieldPath.METADATA.child("resourceVersion"), 0, "must be specified for an update");
        throw write.refuse(
            errors.refusal(write.type().group(), write.type().resource(), write.name()));
      }
    } else if (!revision.equals(Bodies.revision(current))) {
      throw write.refuse(Refusal.staleRevision(write.type(), write.name()));
    }
  }

  static void delete(Write write, DeleteOptions options, ObjectNode current) {
    String uid = Meta.uid(current);
    if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
      throw write.refuse(
          deleteConflict(
              write,
              "the UID in the precondition ("
                  + options.uid()
                  + ") does not match the UID in record ("
                  + uid
                  + "). The object might have been deleted and then recreated"));
    }
    String revision = Bodies.revision(current);
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(revision)) {
      throw write.refuse(
          deleteConflict(
              write,
              "the ResourceVersion in the precondition ("
                  + options.resourceVersion()
                  + ") does not match the ResourceVersion in record ("
                  + revision
                  + "). The object might have been modified"));
    }
  }

  /** Upstream names the kind here, not the resource. */
  private static Refusal deleteConflict(Write write, String why) {
    return Refusal.conflict(
        new GroupResource(write.type().group(), write.kind().resource().kind()), write.name(), why);
  }
}
