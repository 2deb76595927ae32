package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.troupe.control.controllers.Write.Guard;
import io.troupe.control.controllers.objects.Owners;
import java.util.List;
import java.util.Optional;

/** Lets go of pods that a Job waited for and that no Job has any more, so that they can go. */
public final class OrphanedJobPods implements Controller {
  @Override
  public String name() {
    return "job-orphan-pod";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.each(Resources.PODS, pod -> isTracked(pod) ? List.of(Key.of(pod)) : List.of()),
        new Input(Resources.JOBS, OrphanedJobPods::left));
  }

  private static boolean isTracked(ObjectNode pod) {
    return Owners.hasFinalizer(pod, JobSpec.FINALIZER);
  }

  /** The pods of a Job that is gone. */
  private static List<Key> left(ObjectChange change, ClusterView view) {
    ObjectNode job = change.before();
    if (change.after() != null || job == null) {
      return List.of();
    }
    return view.ownedBy(Resources.PODS, Meta.namespace(job), Meta.uid(job)).stream()
        .filter(OrphanedJobPods::isTracked)
        .map(Key::of)
        .toList();
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.PODS, "finalizer " + JobSpec.FINALIZER + " of orphans"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.PODS)
        .filter(OrphanedJobPods::isTracked)
        .map(pod -> release(round.view(), pod))
        .orElse(Plan.NOTHING);
  }

  private static Plan release(ClusterView view, ObjectNode pod) {
    Write untrack = Owners.removeFinalizer(Resources.PODS, pod, JobSpec.FINALIZER);
    Optional<? extends JsonNode> owner = Meta.controllerOf(pod);
    if (owner.isEmpty()) {
      return Plan.of(untrack);
    }
    String name = Json.text(owner.get(), "name");
    String uid = Json.text(owner.get(), "uid");
    boolean isThere =
        view.find(Resources.JOBS, Meta.namespace(pod), name)
            .filter(job -> Meta.uid(job).equals(uid))
            .isPresent();
    if (isThere || !Json.text(owner.get(), "kind").equals("Job")) {
      return Plan.NOTHING;
    }
    Guard gone = new Guard.Absent(Resources.JOBS, Meta.namespace(pod), name, uid);
    return Plan.of(new Write.Guarded(List.of(gone), untrack));
  }
}
