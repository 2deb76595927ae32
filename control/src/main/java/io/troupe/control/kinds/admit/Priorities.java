package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.strategy.Facts;
import java.util.Comparator;
import java.util.Optional;

/** Resolves a pod's priority class to its number and preemption policy. */
final class Priorities {
  private Priorities() {}

  static void admit(ObjectNode pod, Facts facts) {
    ObjectNode spec = Json.ensure(pod, "spec");
    String name = Json.text(spec, "priorityClassName");
    Optional<ObjectNode> found =
        name.isEmpty()
            ? globalDefault(facts)
            : facts.world().find(Resources.PRIORITY_CLASSES, "", name);
    if (!name.isEmpty() && found.isEmpty()) {
      throw Admission.forbidden(facts, "no PriorityClass with name " + name + " was found");
    }
    JsonNode priorityClass = found.map(JsonNode.class::cast).orElse(Json.object());
    long priority = Json.number(priorityClass, 0, "value");
    found.ifPresent(c -> spec.put("priorityClassName", Meta.name(c)));
    JsonNode stated = spec.path("priority");
    if (stated.isNumber() && stated.longValue() != priority) {
      throw Admission.forbidden(
          facts,
          "the integer value of priority ("
              + stated.longValue()
              + ") must not be provided in pod spec; priority admission controller computed "
              + priority
              + " from the given PriorityClass name");
    }
    spec.put("priority", (int) priority);
    policy(spec, priorityClass, facts);
  }

  private static void policy(ObjectNode spec, JsonNode priorityClass, Facts facts) {
    String held = Json.text(priorityClass, "preemptionPolicy");
    String policy = held.isEmpty() ? "PreemptLowerPriority" : held;
    String stated = Json.text(spec, "preemptionPolicy");
    if (!stated.isEmpty() && !stated.equals(policy)) {
      throw Admission.forbidden(
          facts,
          "the string value of PreemptionPolicy ("
              + stated
              + ") must not be provided in pod spec; priority admission controller computed "
              + policy
              + " from the given PriorityClass name");
    }
    spec.put("preemptionPolicy", policy);
  }

  /** Clients that do not know the fields may drop them. */
  static void keep(ObjectNode pod, ObjectNode old) {
    ObjectNode spec = Json.ensure(pod, "spec");
    for (String field : java.util.List.of("priority", "preemptionPolicy")) {
      JsonNode held = Json.at(old, "spec", field);
      if (!spec.has(field) && !held.isMissingNode()) {
        spec.set(field, held);
      }
    }
  }

  static void onlyOneDefault(ObjectNode priorityClass, Facts facts) {
    if (!Json.flag(priorityClass, false, "globalDefault")) {
      return;
    }
    globalDefault(facts)
        .filter(other -> !Meta.name(other).equals(facts.key().name()))
        .ifPresent(
            other -> {
              throw Admission.forbidden(
                  facts,
                  "PriorityClass "
                      + Meta.name(other)
                      + " is already marked as default. Only one default can exist");
            });
  }

  private static Optional<ObjectNode> globalDefault(Facts facts) {
    return facts.world().list(Resources.PRIORITY_CLASSES, "").stream()
        .filter(c -> Json.flag(c, false, "globalDefault"))
        .min(Comparator.comparingLong(c -> Json.number(c, 0, "value")));
  }
}
