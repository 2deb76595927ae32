package io.troupe.control.controllers.stateful;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.history.RevisionHistory;
import io.troupe.control.controllers.objects.Claim;
import io.troupe.control.controllers.objects.Selection;
import io.troupe.control.controllers.objects.Selectors;
import io.troupe.control.controllers.objects.Statuses;
import java.util.ArrayList;
import java.util.List;

/** Keeps the pods of a StatefulSet. */
public final class StatefulSetController implements Controller {
  @Override
  public String name() {
    return "statefulset";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.STATEFUL_SETS),
        Selection.dependents(Resources.PODS, Resources.STATEFUL_SETS),
        Selection.dependents(Resources.CONTROLLER_REVISIONS, Resources.STATEFUL_SETS),
        Input.readOnly(Resources.PERSISTENT_VOLUME_CLAIMS));
  }

  @Override
  public List<Output> outputs() {
    return List.of(
        Output.status(Resources.STATEFUL_SETS),
        Output.controlledBy(Resources.PODS, Resources.STATEFUL_SETS),
        Output.controlledBy(Resources.CONTROLLER_REVISIONS, Resources.STATEFUL_SETS),
        new Output(Resources.PERSISTENT_VOLUME_CLAIMS, "of volumeClaimTemplates"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.STATEFUL_SETS)
        .map(set -> reconcile(round, set))
        .orElse(Plan.NOTHING);
  }

  private static Plan reconcile(Round round, ObjectNode set) {
    StatefulSpec spec = new StatefulSpec(set);
    LabelSelector selector = Selectors.of(Json.at(set, "spec", "selector"));
    Claim pods =
        Claim.matching(
            round.view(),
            Resources.PODS,
            Resources.STATEFUL_SETS,
            set,
            pod -> selector.matchesObject(pod) && spec.ordinal(pod) >= 0);
    RevisionHistory history =
        RevisionHistory.of(round.view(), Resources.STATEFUL_SETS, set, RevisionHistory.HASH_LABEL);
    List<Write> first = new ArrayList<>(pods.writes());
    first.addAll(history.writes());
    if (history.collided()) {
      ObjectNode status = Statuses.draft(set);
      status.put("collisionCount", Json.number(status, 0, "collisionCount") + 1);
      first.addAll(Statuses.write(Resources.STATEFUL_SETS, set, status));
    }
    if (!first.isEmpty() || history.present().isEmpty()) {
      return Plan.of(first);
    }
    ObjectNode update = history.present().get();
    String currentName = Json.text(set, "status", "currentRevision");
    ObjectNode current =
        history.known().stream()
            .filter(r -> Meta.name(r).equals(currentName))
            .findFirst()
            .orElse(update);
    return new OrderedPods(round, spec, pods.held(), current, update).plan(history);
  }
}
