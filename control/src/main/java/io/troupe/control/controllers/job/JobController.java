package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Claim;
import io.troupe.control.controllers.objects.Owners;
import io.troupe.control.controllers.objects.Selection;
import io.troupe.control.controllers.objects.Selectors;
import java.util.List;

/** Runs the pods of a Job to their end. */
public final class JobController implements Controller {
  private static final String MANAGED_HERE = "kubernetes.io/job-controller";

  @Override
  public String name() {
    return "job";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.JOBS), Selection.dependents(Resources.PODS, Resources.JOBS));
  }

  @Override
  public List<Output> outputs() {
    return List.of(
        Output.status(Resources.JOBS), Output.controlledBy(Resources.PODS, Resources.JOBS));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.JOBS)
        .filter(JobController::isManagedHere)
        .map(job -> reconcile(round, job))
        .orElse(Plan.NOTHING);
  }

  private static boolean isManagedHere(ObjectNode job) {
    String manager = Json.text(job, "spec", "managedBy");
    return manager.isEmpty() || manager.equals(MANAGED_HERE);
  }

  private static Plan reconcile(Round round, ObjectNode job) {
    Claim claim =
        Claim.of(
            round.view(),
            Resources.PODS,
            Resources.JOBS,
            job,
            Selectors.of(Json.at(job, "spec", "selector")));
    if (JobSpec.isFinished(job)) {
      return Plan.of(untrack(claim.held()));
    }
    if (!claim.writes().isEmpty()) {
      return Plan.of(claim.writes().stream().map(JobController::tracked).toList());
    }
    return new JobRound(round, job, claim.held()).plan();
  }

  /** An adopted pod is to be counted: the patch that adopts it adds the finalizer as well. */
  private static Write tracked(Write write) {
    if (!(write instanceof Write.Patch patch)
        || !Json.at(patch.patch(), "metadata", "ownerReferences").isArray()) {
      return write;
    }
    ObjectNode body = patch.patch().deepCopy();
    ArrayNode finalizers = Json.ensure(body, "metadata").putArray("finalizers");
    finalizers.add(JobSpec.FINALIZER);
    return new Write.Patch(
        patch.type(), patch.namespace(), patch.name(), patch.subresource(), patch.how(), body);
  }

  /** Nobody waits for the pods of a finished Job any more. */
  static List<Write> untrack(List<ObjectNode> pods) {
    List<Write> removals =
        pods.stream()
            .filter(pod -> Owners.hasFinalizer(pod, JobSpec.FINALIZER))
            .map(pod -> Owners.removeFinalizer(Resources.PODS, pod, JobSpec.FINALIZER))
            .toList();
    return removals.isEmpty() ? List.of() : List.of(new Write.Batch(removals));
  }
}
