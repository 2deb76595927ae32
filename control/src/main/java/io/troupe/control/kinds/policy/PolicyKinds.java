package io.troupe.control.kinds.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.apps.IntOrPercent;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.List;
import java.util.Map;

/** The strategies of this package. */
public final class PolicyKinds {
  private static final long USER_PRIORITY_MAX = 1_000_000_000;
  private static final Map<String, Long> SYSTEM_PRIORITIES =
      Map.of("system-node-critical", 2_000_001_000L, "system-cluster-critical", 2_000_000_000L);

  private PolicyKinds() {}

  public static List<Strategy> all() {
    return List.of(podDisruptionBudget(), priorityClass(), Autoscalers.strategy());
  }

  private static Strategy podDisruptionBudget() {
    return Strategy.of("policy", "PodDisruptionBudget")
        .generation()
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .validate(PolicyKinds::validateBudget)
        .validateStatus(
            (b, old, errors) -> {
              At status = At.status(b, errors);
              for (String field :
                  List.of(
                      "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")) {
                status.nonNegative(field);
              }
            })
        .columns(
            Columns.of("Name", "Min Available", "Max Unavailable", "#Allowed Disruptions", "Age")
                .row(
                    (b, now, row) -> {
                      row.add(Json.at(b, "spec", "minAvailable").asText("N/A"));
                      row.add(Json.at(b, "spec", "maxUnavailable").asText("N/A"));
                      row.add(Json.number(b, 0, "status", "disruptionsAllowed"));
                      row.add(Columns.age(b, now));
                    }))
        .build();
  }

  private static void validateBudget(ObjectNode budget, Errors errors) {
    At spec = At.spec(budget, errors);
    if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
      spec.invalid("minAvailable and maxUnavailable cannot be both set");
    }
    for (String field : List.of("minAvailable", "maxUnavailable")) {
      IntOrPercent.nonNegative(spec, field);
      IntOrPercent.atMostAll(spec, field);
    }
    spec.ifPresent("selector", Selectors::check);
    spec.oneOf("unhealthyPodEvictionPolicy", List.of("AlwaysAllow", "IfHealthyBudget"));
  }

  private static Strategy priorityClass() {
    return Strategy.of("scheduling.k8s.io", "PriorityClass")
        .generation((a, b) -> false)
        .defaults(c -> Fill.text(c, "preemptionPolicy", "PreemptLowerPriority"))
        .validate(PolicyKinds::validatePriority)
        .validateUpdate(
            (c, old, errors) -> {
              if (Json.number(c, 0, "value") != Json.number(old, 0, "value")) {
                errors.forbidden(FieldPath.of("value"), "may not be changed in an update.");
              }
              At.root(c, errors).immutable("preemptionPolicy", old);
            })
        .columns(
            Columns.of("Name", "#Value", "?Global-Default", "Age", "+PreemptionPolicy")
                .row(
                    (c, now, row) -> {
                      row.add(Json.number(c, 0, "value"));
                      row.add(Json.flag(c, false, "globalDefault"));
                      row.add(Columns.age(c, now));
                      row.add(Json.text(c, "preemptionPolicy"));
                    }))
        .build();
  }

  private static void validatePriority(ObjectNode priorityClass, Errors errors) {
    String name = Meta.name(priorityClass);
    long value = Json.number(priorityClass, 0, "value");
    if (name.startsWith("system-")) {
      if (!Long.valueOf(value).equals(SYSTEM_PRIORITIES.get(name))) {
        String why =
            SYSTEM_PRIORITIES.containsKey(name)
                ? "value of " + name + " PriorityClass must be " + SYSTEM_PRIORITIES.get(name)
                : name + " is not a known system priority class";
        errors.forbidden(
            FieldPath.of("metadata", "name"),
            "priority class names with 'system-' prefix are reserved for system use only. error: "
                + why);
      }
    } else if (value > USER_PRIORITY_MAX) {
      errors.forbidden(
          FieldPath.of("value"),
          "maximum allowed value of a user defined priority is " + USER_PRIORITY_MAX);
    }
    At.root(priorityClass, errors)
        .oneOf("preemptionPolicy", List.of("PreemptLowerPriority", "Never"));
  }
}
