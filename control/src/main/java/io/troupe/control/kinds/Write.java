package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.apply.ManagedFields;
import io.troupe.api.apply.ManagedWrite;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;

/** One write while it is decided: the facts and the rules that apply. */
record Write(Facts facts, Strategy strategy) {

  Kind kind() {
    return facts.kind();
  }

  GroupResource type() {
    return kind().resource().type();
  }

  String name() {
    return facts.key().name();
  }

  boolean splitsStatus() {
    return kind().has("status") && !strategy.has(Strategy.Trait.KEEPS_STATUS);
  }

  /** Records who owns the fields of next; both objects are in the stored version. */
  void own(ObjectNode live, ObjectNode next) {
    ObjectNode before = live == null ? null : Versions.toRequested(kind(), live);
    ArrayNode entries = ManagedFields.update(before, Versions.toRequested(kind(), next), managed());
    ObjectNode metadata = Json.ensure(next, "metadata");
    if (entries == null) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", entries);
    }
  }

  ManagedWrite managed() {
    return ManagedWrite.of(
        kind(), facts.subresource(), facts.request().fieldManager(), facts.now());
  }

  RefusedException refuse(Refusal refusal) {
    return new RefusedException(refusal);
  }

  void refuseIfAny(Errors errors) {
    if (!errors.isEmpty()) {
      throw refuse(errors.refusal(kind().resource().group(), kind().resource().kind(), name()));
    }
  }
}
