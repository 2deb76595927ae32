package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.control.kinds.admit.Admission;
import io.troupe.control.kinds.admit.NodeRestriction;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.MetadataCheck;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import io.troupe.persistence.store.Decision;
import java.util.List;

/** A changed object or status (upstream's update handler and {@code rest.BeforeUpdate}). */
final class Update {
  private Update() {}

  /** A PUT of the object or its status. */
  static Decision replace(Write write, ObjectNode current, ObjectNode body) {
    Bodies.checkName(write, body);
    if (current == null) {
      if (write.strategy().has(Trait.CREATE_ON_UPDATE) && write.facts().subresource().isEmpty()) {
        Json.ensure(body, "metadata").remove("resourceVersion");
        return Creation.create(write, null, body);
      }
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
    Preconditions.uid(write, body, current);
    Preconditions.revision(write, body, current);
    return finish(write, current, Versions.toStored(write.kind(), body), true);
  }

  /**
   * Everything after decoding or patching.
   *
   * @param recordOwners false after an apply, which has recorded them
   */
  static Decision finish(Write write, ObjectNode current, ObjectNode next, boolean recordOwners) {
    ObjectNode object = next;
    Strategy strategy = write.strategy();
    Owners.dedup(Json.ensure(object, "metadata"), write.facts());
    strategy.defaults().accept(object);
    if (recordOwners) {
      write.own(current, object);
    }
    boolean status = write.facts().subresource().equals("status");
    if (!status) {
      Admission.update(object, current, write.facts());
    }
    object = status ? onlyStatus(object, current) : withoutStatus(write, object, current);
    ServerFields.keep(object, current);
    if (status) {
      strategy.prepareStatus().prepare(object, current, write.facts());
    } else {
      strategy.prepareUpdate().prepare(object, current, write.facts());
    }
    return checkedAndStored(write, object, current);
  }

  /** Generation, validation, and what becomes of the object. */
  static Decision checkedAndStored(Write write, ObjectNode object, ObjectNode current) {
    NodeRestriction.update(object, current, write.facts());
    raiseGeneration(write, object, current);
    validate(write, object, current);
    if (Deletion.isDone(write.strategy(), object, current)) {
      return new Decision.Remove(stored(write, object), write.facts().warnings());
    }
    return Shape.same(object, current)
        ? new Decision.Keep(write.facts().warnings())
        : new Decision.Store(stored(write, object), write.facts().warnings());
  }

  private static ObjectNode stored(Write write, ObjectNode object) {
    return Shape.stored(object, write.kind().storedVersion(), write.kind().resource().kind());
  }

  private static ObjectNode onlyStatus(ObjectNode body, ObjectNode current) {
    ObjectNode object = Json.object();
    object.setAll(current);
    ObjectNode metadata = (ObjectNode) body.get("metadata");
    keepField(metadata, current.get("metadata"), "ownerReferences");
    keepField(metadata, current.get("metadata"), "deletionTimestamp");
    object.set("metadata", metadata);
    JsonNode status = body.get("status");
    if (status == null) {
      object.remove("status");
    } else {
      object.set("status", status);
    }
    return object;
  }

  private static ObjectNode withoutStatus(Write write, ObjectNode object, ObjectNode current) {
    if (write.splitsStatus()) {
      keepField(object, current, "status");
    }
    return object;
  }

  static void keepField(ObjectNode object, JsonNode old, String field) {
    JsonNode value = old.get(field);
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  /** A binding decides where a pod runs, not what its owner wants: upstream does not count it. */
  private static void raiseGeneration(Write write, ObjectNode object, ObjectNode current) {
    Strategy strategy = write.strategy();
    if (strategy.has(Trait.GENERATION)
        && !List.of("status", "binding").contains(write.facts().subresource())
        && strategy.changesGeneration().changed(object, current)) {
      ((ObjectNode) object.get("metadata")).put("generation", Meta.generation(current) + 1);
    }
  }

  private static void validate(Write write, ObjectNode object, ObjectNode current) {
    Errors errors = new Errors();
    MetadataCheck.update(
        object.get("metadata"),
        current.get("metadata"),
        write.kind().resource().namespaced(),
        errors);
    if (write.facts().subresource().equals("status")) {
      write.strategy().validateStatus().check(object, current, errors);
    } else if (write.facts().subresource().isEmpty()) {
      write.strategy().validateUpdate().check(object, current, errors);
    } else {
      write
          .strategy()
          .subresources()
          .get(write.facts().subresource())
          .check(object, current, errors);
    }
    write.refuseIfAny(errors);
  }
}
