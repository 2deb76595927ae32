package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.quantity.Quantity;
import io.troupe.control.quota.PodAmounts;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares requests and limits with a limit range; collects upstream's sentences. */
final class LimitCheck {
  private final List<String> problems = new ArrayList<>();

  List<String> problems() {
    return problems;
  }

  void pod(ObjectNode range, ObjectNode pod) {
    for (JsonNode limit : Json.items(range, "spec", "limits")) {
      String type = Json.text(limit, "type");
      if (type.equals("Container")) {
        for (String list : List.of("containers", "initContainers")) {
          for (JsonNode container : Json.items(pod, "spec", list)) {
            JsonNode resources = container.path("resources");
            check(
                type,
                limit,
                PodAmounts.amounts(resources, "requests"),
                PodAmounts.amounts(resources, "limits"));
          }
        }
      } else if (type.equals("Pod")) {
        check(type, limit, PodAmounts.of(pod, "requests"), PodAmounts.of(pod, "limits"));
      }
    }
  }

  void claim(ObjectNode range, ObjectNode claim) {
    Map<String, Quantity> requests =
        PodAmounts.amounts(claim.path("spec").path("resources"), "requests");
    for (JsonNode limit : Json.items(range, "spec", "limits")) {
      if (Json.text(limit, "type").equals("PersistentVolumeClaim")) {
        each(
            limit,
            "min",
            (name, enforced) -> min("PersistentVolumeClaim", name, enforced, requests, Map.of()));
        each(
            limit,
            "max",
            (name, enforced) -> {
              Quantity request = requests.get(name);
              String start = "maximum " + name + " usage per PersistentVolumeClaim is " + enforced;
              if (request == null) {
                problems.add(start + ".  No request is specified");
              } else if (request.compareTo(enforced) > 0) {
                problems.add(start + ", but request is " + request);
              }
            });
      }
    }
  }

  private void check(
      String type, JsonNode limit, Map<String, Quantity> requests, Map<String, Quantity> limits) {
    each(limit, "min", (name, enforced) -> min(type, name, enforced, requests, limits));
    each(limit, "max", (name, enforced) -> max(type, name, enforced, requests, limits));
    each(
        limit,
        "maxLimitRequestRatio",
        (name, enforced) -> ratio(type, name, enforced, requests, limits));
  }

  /** One bound of a limit range. */
  @FunctionalInterface
  private interface Bound {
    void check(String resource, Quantity enforced);
  }

  private static void each(JsonNode limit, String field, Bound bound) {
    limit.path(field).properties().forEach(e -> bound.check(e.getKey(), Quantity.of(e.getValue())));
  }

  private void min(
      String type,
      String name,
      Quantity enforced,
      Map<String, Quantity> requests,
      Map<String, Quantity> limits) {
    String start = "minimum " + name + " usage per " + type + " is " + enforced;
    Quantity request = requests.get(name);
    Quantity limit = limits.get(name);
    if (request == null) {
      problems.add(start + ".  No request is specified");
    } else if (request.compareTo(enforced) < 0) {
      problems.add(start + ", but request is " + request);
    } else if (limit != null && limit.compareTo(enforced) < 0) {
      problems.add(start + ", but limit is " + limit);
    }
  }

  private void max(
      String type,
      String name,
      Quantity enforced,
      Map<String, Quantity> requests,
      Map<String, Quantity> limits) {
    String start = "maximum " + name + " usage per " + type + " is " + enforced;
    Quantity request = requests.get(name);
    Quantity limit = limits.get(name);
    if (limit == null) {
      problems.add(start + ".  No limit is specified");
    } else if (limit.compareTo(enforced) > 0) {
      problems.add(start + ", but limit is " + limit);
    } else if (request != null && request.compareTo(enforced) > 0) {
      problems.add(start + ", but request is " + request);
    }
  }

  private void ratio(
      String type,
      String name,
      Quantity enforced,
      Map<String, Quantity> requests,
      Map<String, Quantity> limits) {
    String start = name + " max limit to request ratio per " + type + " is " + enforced;
    Quantity request = requests.get(name);
    Quantity limit = limits.get(name);
    if (request == null || request.isZero()) {
      problems.add(start + ", but no request is specified or request is 0");
    } else if (limit == null || limit.isZero()) {
      problems.add(start + ", but no limit is specified or limit is 0");
    } else {
      var observed = limit.amount().divide(request.amount(), MathContext.DECIMAL64);
      if (observed.compareTo(enforced.amount()) > 0) {
        problems.add(
            start + ", but provided ratio is " + String.format("%f", observed.doubleValue()));
      }
    }
  }
}
