package io.troupe.control.controllers.garbage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import java.util.List;

/** Tells users of owner references that can never hold: the owner is in another namespace. */
final class InvalidOwners {
  static final String REPORTED = "reported";

  private InvalidOwners() {}

  /** For a cluster-scoped object with a namespaced owner: nothing is collected. */
  static Plan report(Round round, Resource type, ObjectNode object, OwnerJudgement judgement) {
    if (round.remembered(String.class).isPresent()) {
      return Plan.NOTHING.remembering(REPORTED);
    }
    List<Write> events =
        Json.items(object, "metadata", "ownerReferences").stream()
            .filter(ref -> !judgement.solid().contains(ref) && !judgement.gone().contains(ref))
            .map(ref -> event(type, object, ref))
            .toList();
    return Plan.of(events).remembering(REPORTED);
  }

  /** For an object whose owner lives in another namespace: it will be collected. */
  static List<Write> events(
      Round round, Resource type, ObjectNode object, OwnerJudgement judgement) {
    if (round.remembered(String.class).isPresent()) {
      return List.of();
    }
    return judgement.guards().stream()
        .map(guard -> (Write.Guard.Absent) guard)
        .filter(absent -> absent.type().namespaced())
        .filter(
            absent ->
                round.view().list(absent.type(), "").stream()
                    .anyMatch(o -> Meta.uid(o).equals(absent.uid())))
        .flatMap(
            absent ->
                judgement.dangling().stream()
                    .filter(ref -> Json.text(ref, "uid").equals(absent.uid())))
        .map(ref -> event(type, object, ref))
        .toList();
  }

  private static Write event(Resource type, ObjectNode object, JsonNode reference) {
    String owner =
        "[%s/%s, namespace: %s, name: %s, uid: %s]"
            .formatted(
                Json.text(reference, "apiVersion"),
                Json.text(reference, "kind"),
                Meta.namespace(object),
                Json.text(reference, "name"),
                Json.text(reference, "uid"));
    return EmitEvent.warning(
        type,
        object,
        "OwnerRefInvalidNamespace",
        "ownerRef %s does not exist in namespace \"%s\"".formatted(owner, Meta.namespace(object)));
  }
}
