package io.troupe.control.controllers.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
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
import java.util.Collection;
import java.util.List;

/** Keeps the pods of a DaemonSet. */
public final class DaemonSetController implements Controller {
  @Override
  public String name() {
    return "daemon-set";
  }

  @Override
  public String component() {
    return "daemonset-controller";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.DAEMON_SETS),
        Selection.dependents(Resources.PODS, Resources.DAEMON_SETS),
        Selection.dependents(Resources.CONTROLLER_REVISIONS, Resources.DAEMON_SETS),
        new Input(Resources.NODES, DaemonSetController::all));
  }

  /** Heartbeats change nothing here; name, labels and taints do. */
  private static Collection<Key> all(ObjectChange change, ClusterView view) {
    boolean same =
        change.before() != null
            && change.after() != null
            && Meta.labels(change.before()).equals(Meta.labels(change.after()))
            && JsonEquality.same(change.before().get("spec"), change.after().get("spec"));
    return same ? List.of() : view.list(Resources.DAEMON_SETS, "").stream().map(Key::of).toList();
  }

  @Override
  public List<Output> outputs() {
    return List.of(
        Output.status(Resources.DAEMON_SETS),
        Output.controlledBy(Resources.PODS, Resources.DAEMON_SETS),
        Output.controlledBy(Resources.CONTROLLER_REVISIONS, Resources.DAEMON_SETS));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.DAEMON_SETS)
        .filter(set -> !Meta.isDeleting(set))
        .filter(set -> !Json.at(set, "spec", "selector").isEmpty())
        .map(set -> reconcile(round, set))
        .orElse(Plan.NOTHING);
  }

  private static Plan reconcile(Round round, ObjectNode set) {
    Claim pods =
        Claim.of(
            round.view(),
            Resources.PODS,
            Resources.DAEMON_SETS,
            set,
            Selectors.of(Json.at(set, "spec", "selector")));
    RevisionHistory history =
        RevisionHistory.of(round.view(), Resources.DAEMON_SETS, set, RevisionHistory.POD_LABEL);
    List<Write> first = new ArrayList<>(pods.writes());
    first.addAll(history.writes());
    if (history.collided()) {
      ObjectNode status = Statuses.draft(set);
      status.put("collisionCount", Json.number(status, 0, "collisionCount") + 1);
      first.addAll(Statuses.write(Resources.DAEMON_SETS, set, status));
    }
    if (!first.isEmpty() || history.present().isEmpty()) {
      return Plan.of(first);
    }
    return new DaemonPods(round, set, pods.held(), history).plan();
  }
}
