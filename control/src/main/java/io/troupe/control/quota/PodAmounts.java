package io.troupe.control.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.quantity.Quantity;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod asks for as a whole: all containers and sidecars together, or the greediest init
 * container with the sidecars before it.
 */
public final class PodAmounts {
  private PodAmounts() {}

  public static Map<String, Quantity> of(JsonNode pod, String list) {
    Map<String, Quantity> total = new TreeMap<>();
    for (JsonNode container : Json.items(pod, "spec", "containers")) {
      add(total, amounts(container.path("resources"), list));
    }
    Map<String, Quantity> sidecars = new TreeMap<>();
    Map<String, Quantity> initial = new TreeMap<>();
    for (JsonNode container : Json.items(pod, "spec", "initContainers")) {
      Map<String, Quantity> own = amounts(container.path("resources"), list);
      if (Json.text(container, "restartPolicy").equals("Always")) {
        add(total, own);
        add(sidecars, own);
        max(initial, sidecars);
      } else {
        add(own, sidecars);
        max(initial, own);
      }
    }
    max(total, initial);
    amounts(pod.path("spec").path("resources"), list)
        .forEach(
            (name, amount) -> {
              if (name.equals("cpu") || name.equals("memory")) {
                total.put(name, amount);
              }
            });
    return total;
  }

  /** A list of amounts by resource, for example the {@code requests} of a container's resources. */
  public static Map<String, Quantity> amounts(JsonNode resources, String list) {
    Map<String, Quantity> amounts = new TreeMap<>();
    resources
        .path(list)
        .properties()
        .forEach(e -> amounts.put(e.getKey(), Quantity.of(e.getValue())));
    return amounts;
  }

  private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
    more.forEach((name, amount) -> sum.merge(name, amount, Quantity::add));
  }

  private static void max(Map<String, Quantity> most, Map<String, Quantity> other) {
    other.forEach((name, amount) -> most.merge(name, amount, Quantity::max));
  }
}
