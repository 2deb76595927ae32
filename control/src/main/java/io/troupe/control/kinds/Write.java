package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** One write while it is decided: the facts and the rules that apply. */
record Write(Facts facts, Strategy strategy, Trees trees) {

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

  /** Records who owns the fields of next. */
  void own(ObjectNode live, ObjectNode next) {
    trees.own(writer(), live, next);
  }

  Trees.Writer writer() {
    return new Trees.Writer(
        kind(), facts.request().fieldManager(), facts.subresource(), facts.now(), reset());
  }

  private List<String> reset() {
    return switch (facts.subresource()) {
      case "" -> splitsStatus() ? List.of("status") : List.of();
      case "status" -> List.of("spec");
      default -> List.of();
    };
  }

  RefusedException refuse(Refusal refusal) {
    return new RefusedException(refusal);
  }

  void refuseIfAny(Errors errors) {
    if (!errors.isEmpty()) {
      throw refuse(
          errors.refusal(kind().resource().group(), kind().resource().kind(), name()));
    }
  }
}
