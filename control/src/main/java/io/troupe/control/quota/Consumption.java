package io.troupe.control.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.quantity.Quantity;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** How much of a quota is used. */
public final class Consumption {
  private Consumption() {}

  /** The quota's limits, by name. */
  public static Map<String, Quantity> hard(JsonNode quota) {
    return PodAmounts.amounts(Json.at(quota, "spec"), "hard");
  }

  /** What the objects of the types use of the limits that the quota names. */
  public static Map<String, Quantity> of(
      ObjectNode quota, Collection<Resource> types, ClusterView view, Instant now) {
    Map<String, Quantity> hard = hard(quota);
    Map<String, Quantity> used = new TreeMap<>();
    for (String name : hard.keySet()) {
      if (!name.startsWith("count/")) {
        used.put(name, Quantity.ZERO);
      }
    }
    for (Resource type : types) {
      String count = Charge.countName(type.type());
      if (hard.containsKey(count)) {
        used.put(count, Quantity.ZERO);
      }
      for (ObjectNode object : view.list(type, Meta.namespace(quota))) {
        if (Scopes.cover(quota, type.type(), object)) {
          Charge.of(type.type(), object, now)
              .forEach(
                  (name, amount) ->
                      used.computeIfPresent(name, (same, before) -> before.add(amount)));
        }
      }
    }
    return used;
  }
}
