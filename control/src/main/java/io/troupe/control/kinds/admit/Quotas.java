package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.api.quantity.Quantity;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.quota.Charge;
import io.troupe.control.quota.Consumption;
import io.troupe.control.quota.PodAmounts;
import io.troupe.control.quota.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Refuses what would exceed a quota of its namespace (plugin/pkg/admission/resourcequota). */
final class Quotas {
  /** What every container must state once a quota limits it. */
  private static final Map<String, List<String>> STATED =
      new TreeMap<>(
          Map.of(
              "cpu", List.of("requests", "cpu"),
              "memory", List.of("requests", "memory"),
              "requests.cpu", List.of("requests", "cpu"),
              "requests.memory", List.of("requests", "memory"),
              "limits.cpu", List.of("limits", "cpu"),
              "limits.memory", List.of("limits", "memory")));

  private Quotas() {}

  static void create(ObjectNode object, Facts facts) {
    check(object, Map.of(), facts);
  }

  /** Of the types whose charge can grow. */
  static void update(ObjectNode object, ObjectNode old, Facts facts) {
    if (facts.subresource().isEmpty() || facts.subresource().equals("resize")) {
      check(object, Charge.of(facts.key().type(), old, time(facts)), facts);
    }
  }

  private static Instant time(Facts facts) {
    return Instant.ofEpochMilli(facts.request().timeMillis());
  }

  private static void check(ObjectNode object, Map<String, Quantity> had, Facts facts) {
    if (facts.key().namespace().isEmpty()) {
      return;
    }
    List<ObjectNode> quotas =
        facts.world().list(Resources.RESOURCE_QUOTAS, facts.key().namespace());
    if (quotas.isEmpty()) {
      return;
    }
    GroupResource type = facts.key().type();
    Map<String, Quantity> more = new TreeMap<>(Charge.of(type, object, time(facts)));
    more.replaceAll((name, amount) -> amount.subtract(had.getOrDefault(name, Quantity.ZERO)));
    more.values().removeIf(amount -> amount.signum() <= 0);
    for (ObjectNode quota : quotas) {
      if (Scopes.cover(quota, type, object)) {
        requireStated(quota, object, facts);
        requireRoom(quota, more, facts);
      }
    }
  }

  private static void requireRoom(ObjectNode quota, Map<String, Quantity> more, Facts facts) {
    Map<String, Quantity> hard = Consumption.hard(quota);
    Map<String, Quantity> requested = new TreeMap<>(more);
    requested.keySet().retainAll(hard.keySet());
    if (requested.isEmpty()) {
      return;
    }
    Map<String, Quantity> used =
        Consumption.of(quota, List.of(facts.kind().resource()), facts.world(), time(facts));
    List<String> exceeded =
        requested.keySet().stream()
            .filter(
                name ->
                    used.getOrDefault(name, Quantity.ZERO)
                            .add(requested.get(name))
                            .compareTo(hard.get(name))
                        > 0)
            .toList();
    if (!exceeded.isEmpty()) {
      throw Admission.forbidden(
          facts,
          "exceeded quota: %s, requested: %s, used: %s, limited: %s"
              .formatted(
                  Json.text(quota, "metadata", "name"),
                  shown(exceeded, requested),
                  shown(exceeded, used),
                  shown(exceeded, hard)));
    }
  }

  private static String shown(List<String> names, Map<String, Quantity> amounts) {
    return names.stream()
        .map(name -> name + "=" + amounts.getOrDefault(name, Quantity.ZERO))
        .collect(Collectors.joining(","));
  }

  private static void requireStated(ObjectNode quota, ObjectNode pod, Facts facts) {
    boolean wholePod = !Json.at(pod, "spec", "resources").isEmpty();
    if (!facts.key().type().equals(Resources.PODS.type()) || wholePod) {
      return;
    }
    Map<String, Quantity> hard = Consumption.hard(quota);
    List<JsonNode> containers = new ArrayList<>(Json.items(pod, "spec", "containers"));
    containers.addAll(Json.items(pod, "spec", "initContainers"));
    Map<String, String> missing = new LinkedHashMap<>();
    STATED.forEach(
        (name, where) -> {
          String silent =
              containers.stream()
                  .filter(c -> !states(c, where))
                  .map(c -> Json.text(c, "name"))
                  .distinct()
                  .sorted()
                  .collect(Collectors.joining(","));
          if (hard.containsKey(name) && !silent.isEmpty()) {
            missing.put(name, name + " for: " + silent);
          }
        });
    if (!missing.isEmpty()) {
      throw Admission.forbidden(
          facts,
          "failed quota: "
              + Json.text(quota, "metadata", "name")
              + ": must specify "
              + String.join("; ", missing.values()));
    }
  }

  private static boolean states(JsonNode container, List<String> where) {
    return PodAmounts.amounts(container.path("resources"), where.getFirst())
        .containsKey(where.getLast());
  }
}
