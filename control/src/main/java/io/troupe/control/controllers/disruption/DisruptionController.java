package io.troupe.control.controllers.disruption;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Selectors;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Counts the healthy pods of each disruption budget. */
public final class DisruptionController implements Controller {
  private static final Resource BUDGETS = Resources.POD_DISRUPTION_BUDGETS;

  /** A pod that was to be evicted counts as gone for this long; upstream's. */
  private static final Duration EVICTION_PENDING = Duration.ofMinutes(2);

  private static final List<Resource> SCALED =
      List.of(
          Resources.DEPLOYMENTS,
          Resources.REPLICA_SETS,
          Resources.REPLICATION_CONTROLLERS,
          Resources.STATEFUL_SETS);

  @Override
  public String name() {
    return "disruption";
  }

  @Override
  public String component() {
    return "controllermanager";
  }

  @Override
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    inputs.add(Input.self(BUDGETS));
    inputs.add(new Input(Resources.PODS, (change, view) -> selecting(change.object(), view)));
    for (Resource type : SCALED) {
      inputs.add(
          new Input(
              type,
              (change, view) ->
                  view.list(BUDGETS, Meta.namespace(change.object())).stream()
                      .map(Key::of)
                      .toList()));
    }
    return inputs;
  }

  private static List<Key> selecting(ObjectNode pod, ClusterView view) {
    return view.list(BUDGETS, Meta.namespace(pod)).stream()
        .filter(budget -> Selectors.of(Json.at(budget, "spec", "selector")).matchesObject(pod))
        .map(Key::of)
        .toList();
  }

  @Override
  public List<Output> outputs() {
    return List.of(Output.status(BUDGETS));
  }

  @Override
  public Plan reconcile(Round round) {
    return round.find(BUDGETS).map(budget -> reconcile(round, budget)).orElse(Plan.NOTHING);
  }

  private static Plan reconcile(Round round, ObjectNode budget) {
    var selector = Selectors.of(Json.at(budget, "spec", "selector"));
    List<ObjectNode> pods =
        round.view().list(Resources.PODS, Meta.namespace(budget)).stream()
            .filter(selector::matchesObject)
            .toList();
    ExpectedPods expected = ExpectedPods.of(budget, pods, round.view());
    ObjectNode status = Statuses.draft(budget);
    if (!expected.failure().isEmpty()) {
      status.put("disruptionsAllowed", 0);
      condition(status, budget, "SyncFailed", expected.failure(), round.now());
      return Plan.of(Statuses.write(BUDGETS, budget, status));
    }
    Duration again = keepPending(status, pods, round.now());
    int healthy = 0;
    for (ObjectNode pod : pods) {
      boolean pending = status.path("disruptedPods").has(Meta.name(pod));
      healthy += !Meta.isDeleting(pod) && !pending && Pods.isReady(pod) ? 1 : 0;
    }
    int spare = expected.count() <= 0 ? 0 : Math.max(0, healthy - expected.desiredHealthy());
    status.put("observedGeneration", Meta.generation(budget));
    status.put("disruptionsAllowed", spare);
    status.put("currentHealthy", healthy);
    status.put("desiredHealthy", expected.desiredHealthy());
    status.put("expectedPods", expected.count());
    condition(status, budget, spare > 0 ? "SufficientPods" : "InsufficientPods", "", round.now());
    return Plan.of(Statuses.write(BUDGETS, budget, status)).againAfter(again);
  }

  /**
   * Forgets evictions that have happened or did not happen in time.
   *
   * @return until the next one is overdue, null for never
   */
  private static Duration keepPending(ObjectNode status, List<ObjectNode> pods, Instant now) {
    ObjectNode kept = Json.object();
    Duration next = null;
    for (ObjectNode pod : pods) {
      String name = Meta.name(pod);
      Instant due =
          Times.at(status, "disruptedPods", name).map(at -> at.plus(EVICTION_PENDING)).orElse(now);
      if (!Meta.isDeleting(pod) && due.isAfter(now)) {
        kept.set(name, status.path("disruptedPods").get(name));
        next = Times.sooner(next, Duration.between(now, due));
      }
    }
    if (kept.isEmpty()) {
      status.remove("disruptedPods");
    } else {
      status.set("disruptedPods", kept);
    }
    return next;
  }

  private static void condition(
      ObjectNode status, ObjectNode budget, String reason, String message, Instant now) {
    boolean allowed = reason.equals("SufficientPods");
    Conditions.set(status, Condition.of("DisruptionAllowed", allowed, reason, message), now);
    Conditions.findIn(status, "DisruptionAllowed")
        .ifPresent(
            set -> {
              ObjectNode whole = set.deepCopy();
              whole.put("observedGeneration", Meta.generation(budget)).put("message", message);
              Conditions.replace(status, "DisruptionAllowed", whole);
            });
  }
}
