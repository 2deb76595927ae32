package io.troupe.control.scheduler.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** PodDisruptionBudgets, as far as preemption honours them. */
public final class DisruptionBudgets {
  private record Budget(String namespace, Selector selector, long allowed, Set<String> disrupted) {
    boolean protects(PodInfo pod) {
      return pod.namespace().equals(namespace)
          && !pod.shape().labels().isEmpty()
          && !selector.isEverything()
          && selector.matches(pod.shape().labels())
          && !disrupted.contains(pod.name());
    }
  }

  private final Map<String, Budget> budgets = new TreeMap<>();

  /** A budget as it is now; null JSON removes. */
  public void set(String namespace, String name, JsonNode now) {
    if (now == null) {
      budgets.remove(namespace + "/" + name);
      return;
    }
    Set<String> disrupted = new java.util.HashSet<>();
    Json.at(now, "status", "disruptedPods").fieldNames().forEachRemaining(disrupted::add);
    budgets.put(
        namespace + "/" + name,
        new Budget(
            namespace,
            Selector.of(Json.at(now, "spec", "selector")),
            Json.number(now, 0, "status", "disruptionsAllowed"),
            disrupted));
  }

  /** Those whose removal, one after another, would exceed a budget. */
  public List<PodInfo> violated(List<PodInfo> pods) {
    if (budgets.isEmpty()) {
      return List.of();
    }
    Map<Budget, Long> left = new HashMap<>();
    List<PodInfo> violated = new ArrayList<>();
    for (PodInfo pod : pods) {
      for (Budget budget : budgets.values()) {
        if (budget.protects(pod) && left.merge(budget, budget.allowed() - 1, (a, b) -> a - 1) < 0) {
          violated.add(pod);
          break;
        }
      }
    }
    return violated;
  }
}
