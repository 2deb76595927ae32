package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.persistence.store.Decision;
import java.util.List;

/**
 * {@code pods/eviction}: a deletion that disruption budgets may refuse.
 *
 * <p>The budget is read from the world, which may be a moment old; the budget's controller corrects
 * its allowance afterwards.
 */
final class Eviction {
  private Eviction() {}

  static Decision evict(Write write, ObjectNode current, byte[] bytes) {
    if (current == null) {
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
    JsonNode options = Patching.patchTree(bytes).path("deleteOptions");
    if (isProtected(current)) {
      checkBudgets(write, current);
    }
    return Deletion.delete(
        write,
        disrupted(current, write.facts().now()),
        new DeleteOptions(
            Json.number(options, -1, "gracePeriodSeconds"),
            Json.text(options, "propagationPolicy"),
            Json.text(options, "preconditions", "uid"),
            Json.text(options, "preconditions", "resourceVersion")));
  }

  /** With the condition that tells a Job that it was not the pod's own failure. */
  private static ObjectNode disrupted(ObjectNode current, String now) {
    ObjectNode pod = current.deepCopy();
    ObjectNode status = Json.ensure(pod, "status");
    ArrayNode conditions = Json.array();
    for (JsonNode present : Json.items(status, "conditions")) {
      if (!Json.text(present, "type").equals("DisruptionTarget")) {
        conditions.add(present);
      }
    }
    conditions
        .addObject()
        .put("type", "DisruptionTarget")
        .put("status", "True")
        .put("lastTransitionTime", now)
        .put("reason", "EvictionByEvictionAPI")
        .put("message", "Eviction API: evicting");
    status.set("conditions", conditions);
    return pod;
  }

  /** Pods that do not serve are not counted by any budget. */
  private static boolean isProtected(ObjectNode pod) {
    return !Meta.isDeleting(pod)
        && !List.of("Succeeded", "Failed", "Pending").contains(Json.text(pod, "status", "phase"));
  }

  private static void checkBudgets(Write write, ObjectNode pod) {
    List<ObjectNode> budgets =
        write
            .facts()
            .world()
            .list(Resources.POD_DISRUPTION_BUDGETS, write.facts().key().namespace())
            .stream()
            .filter(b -> Selectors.matches(Json.at(b, "spec", "selector"), Meta.labels(pod)))
            .toList();
    if (budgets.size() > 1) {
      throw write.refuse(
          Refusal.internal(
              "This pod has more than one PodDisruptionBudget, which the eviction subresource does"
                  + " not support."));
    }
    if (!budgets.isEmpty()) {
      check(write, budgets.getFirst());
    }
  }

  private static void check(Write write, ObjectNode budget) {
    String name = Meta.name(budget);
    if (Json.number(budget, 0, "status", "observedGeneration") < Meta.generation(budget)) {
      throw tooMany(
          write, "The disruption budget " + name + " is still being processed by the server.", 10);
    }
    if (Json.number(budget, 0, "status", "disruptionsAllowed") <= 0) {
      throw tooMany(
          write,
          "The disruption budget "
              + name
              + " needs "
              + Json.number(budget, 0, "status", "desiredHealthy")
              + " healthy pods and has "
              + Json.number(budget, 0, "status", "currentHealthy")
              + " currently",
          0);
    }
  }

  private static RuntimeException tooMany(Write write, String why, int retryAfterSeconds) {
    return write.refuse(
        new Refusal(
            429,
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
            "",
            "",
            "",
            List.of(new Refusal.Cause("DisruptionBudget", why, "")),
            retryAfterSeconds));
  }
}
