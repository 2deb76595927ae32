package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.control.kinds.admit.Admission;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.MetadataCheck;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import io.troupe.persistence.store.Decision;
import java.util.List;

/** A new object (upstream's create handler and {@code rest.BeforeCreate}). */
final class Creation {
  private static final List<String> SERVER_FIELDS =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "selfLink");

  private Creation() {}

  static Decision create(Write write, ObjectNode current, ObjectNode body) {
    if (!Bodies.revision(body).isEmpty() && !Bodies.revision(body).equals("0")) {
      throw write.refuse(
          new Refusal(
              500,
              "",
              "resourceVersion should not be set on objects to be created",
              "",
              "",
              "",
              List.of(),
              0));
    }
    return finish(write, current, Versions.toStored(write.kind(), body), true);
  }

  /**
   * Everything after decoding.
   *
   * @param recordOwners false after an apply, which has recorded them
   */
  static Decision finish(Write write, ObjectNode current, ObjectNode object, boolean recordOwners) {
    ObjectNode metadata = Json.ensure(object, "metadata");
    metadata.remove(SERVER_FIELDS);
    metadata.put("name", write.name());
    Owners.dedup(metadata, write.facts());
    write.strategy().defaults().accept(object);
    if (recordOwners) {
      write.own(null, object);
    }
    Admission.create(object, write.facts());
    metadata.put("uid", write.facts().request().newUid());
    metadata.put("creationTimestamp", write.facts().now());
    if (write.splitsStatus() && !write.strategy().has(Trait.STATUS_ON_CREATE)) {
      EmptyStatus.put(object, write.kind());
    }
    if (write.strategy().has(Trait.GENERATION)) {
      metadata.put("generation", 1);
    }
    write.strategy().prepareCreate().prepare(object, write.facts());
    validate(write, object);
    if (current != null) {
      throw write.refuse(exists(write, current));
    }
    return new Decision.Store(
        Shape.stored(object, write.kind().storedVersion(), write.kind().resource().kind()),
        write.facts().warnings());
  }

  private static void validate(Write write, ObjectNode object) {
    Errors errors = new Errors();
    MetadataCheck.create(
        object.get("metadata"),
        write.kind().resource().namespaced(),
        write.strategy().nameRule(),
        errors);
    write.strategy().validate().check(object, errors);
    write.refuseIfAny(errors);
  }

  private static Refusal exists(Write write, ObjectNode current) {
    Refusal exists = Refusal.alreadyExists(write.type(), write.name());
    return Meta.isDeleting(current)
        ? new Refusal(
            exists.code(),
            exists.reason(),
            "object is being deleted: " + exists.message(),
            exists.group(),
            exists.kind(),
            exists.name(),
            exists.causes(),
            0)
        : exists;
  }
}
