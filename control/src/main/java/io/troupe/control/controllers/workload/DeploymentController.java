package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.Claim;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Selection;
import io.troupe.control.controllers.objects.Selectors;
import io.troupe.control.controllers.objects.Statuses;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Moves a Deployment's pods from old ReplicaSets to the one of its present template. */
public final class DeploymentController implements Controller {
  @Override
  public String name() {
    return "deployment";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.DEPLOYMENTS),
        Selection.dependents(Resources.REPLICA_SETS, Resources.DEPLOYMENTS),
        new Input(Resources.PODS, DeploymentController::recreated));
  }

  @Override
  public List<Output> outputs() {
    return List.of(
        Output.status(Resources.DEPLOYMENTS),
        new Output(Resources.DEPLOYMENTS, "revision annotation"),
        Output.controlledBy(Resources.REPLICA_SETS, Resources.DEPLOYMENTS));
  }

  /** Recreate waits until the old pods are gone; nothing else here depends on pods. */
  private static Collection<Key> recreated(ObjectChange change, ClusterView view) {
    ObjectNode pod = change.object();
    if (change.after() != null && !Pods.isFinished(pod)) {
      return List.of();
    }
    return Input.ownerKeys(pod, Resources.REPLICA_SETS).stream()
        .flatMap(key -> view.find(Resources.REPLICA_SETS, key.namespace(), key.name()).stream())
        .flatMap(set -> Input.ownerKeys(set, Resources.DEPLOYMENTS).stream())
        .filter(key -> isRecreate(view, key))
        .toList();
  }

  private static boolean isRecreate(ClusterView view, Key key) {
    return view.find(Resources.DEPLOYMENTS, key.namespace(), key.name())
        .filter(d -> Json.text(d, "spec", "strategy", "type").equals("Recreate"))
        .isPresent();
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.DEPLOYMENTS)
        .map(deployment -> reconcile(round, deployment))
        .orElse(Plan.NOTHING);
  }

  private static Plan reconcile(Round round, ObjectNode deployment) {
    if (Json.at(deployment, "spec", "selector").isEmpty()) {
      return selectsAll(deployment);
    }
    Claim claim =
        Claim.of(
            round.view(),
            Resources.REPLICA_SETS,
            Resources.DEPLOYMENTS,
            deployment,
            Selectors.of(Json.at(deployment, "spec", "selector")));
    if (!claim.writes().isEmpty()) {
      return Plan.of(claim.writes());
    }
    return new Rollout(round, deployment, claim.held()).plan();
  }

  private static Plan selectsAll(ObjectNode deployment) {
    ObjectNode status = Statuses.draft(deployment);
    status.put("observedGeneration", Meta.generation(deployment));
    List<Write> writes = new ArrayList<>(Statuses.write(Resources.DEPLOYMENTS, deployment, status));
    if (!writes.isEmpty()) {
      writes.add(
          EmitEvent.warning(
              Resources.DEPLOYMENTS,
              deployment,
              "SelectingAll",
              "This deployment is selecting all pods. A non-empty selector is required."));
    }
    return Plan.of(writes);
  }
}
