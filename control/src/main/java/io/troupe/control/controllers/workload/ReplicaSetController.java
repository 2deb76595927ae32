package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.Claim;
import io.troupe.control.controllers.objects.GeneratedName;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Selection;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps as many pods as a ReplicaSet or ReplicationController wants. */
public final class ReplicaSetController implements Controller {
  /** At most so many pods are created or deleted in one round. */
  private static final int BURST = 500;

  private final String name;
  private final Resource type;

  private ReplicaSetController(String name, Resource type) {
    this.name = name;
    this.type = type;
  }

  public static ReplicaSetController ofReplicaSets() {
    return new ReplicaSetController("replicaset", Resources.REPLICA_SETS);
  }

  public static ReplicaSetController ofReplicationControllers() {
    return new ReplicaSetController("replication", Resources.REPLICATION_CONTROLLERS);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Input> inputs() {
    return List.of(Input.self(type), Selection.dependents(Resources.PODS, type));
  }

  @Override
  public List<Output> outputs() {
    return List.of(Output.status(type), Output.controlledBy(Resources.PODS, type));
  }

  @Override
  public Plan reconcile(Round round) {
    return round.find(type).map(set -> reconcile(round, set)).orElse(Plan.NOTHING);
  }

  private Plan reconcile(Round round, ObjectNode set) {
    var selector = Selection.selector(type, set);
    Claim claim = Claim.of(round.view(), Resources.PODS, type, set, selector);
    List<ObjectNode> active = claim.held().stream().filter(Pods::isActive).toList();
    List<Write> writes = new ArrayList<>(claim.writes());
    // Adopted pods count from the next round on: first see what there is.
    boolean settled = writes.isEmpty();
    ObjectNode status = ReplicaSetStatus.of(type, set, claim.held(), round);
    writes.addAll(Statuses.write(type, set, status));
    if (settled && !Meta.isDeleting(set)) {
      writes.addAll(changes(round, set, active));
    }
    return Plan.of(writes).againAfter(nextAvailable(set, active, round.now()));
  }

  private List<Write> changes(Round round, ObjectNode set, List<ObjectNode> active) {
    int missing = wanted(set) - active.size();
    if (missing > 0) {
      return create(round, set, Math.min(missing, BURST));
    }
    if (missing < 0) {
      return delete(round, set, active, Math.min(-missing, BURST));
    }
    return List.of();
  }

  private List<Write> create(Round round, ObjectNode set, int count) {
    List<Write> creates = new ArrayList<>();
    Set<String> chosen = new HashSet<>();
    String prefix = Meta.name(set) + "-";
    String seed = seed(round, set);
    for (int i = 0; i < count; i++) {
      String podName =
          GeneratedName.of(
              prefix,
              seed + "/" + i,
              n -> chosen.contains(n) || exists(round, Meta.namespace(set), n));
      chosen.add(podName);
      creates.add(
          new Write.Announced(
              new Write.Create(Resources.PODS, pod(set, prefix, podName)),
              EmitEvent.normal(type, set, "SuccessfulCreate", "Created pod: " + podName),
              EmitEvent.warning(type, set, "FailedCreate", "Error creating: ")));
    }
    return List.of(new Write.Batch(creates));
  }

  private static boolean exists(Round round, String namespace, String name) {
    return round.view().find(Resources.PODS, namespace, name).isPresent();
  }

  /** Differs whenever the set or the pods that it ever had differ, so that no name comes back. */
  private static String seed(Round round, ObjectNode set) {
    long newestPod =
        round.view().ownedBy(Resources.PODS, Meta.namespace(set), Meta.uid(set)).stream()
            .mapToLong(Meta::revision)
            .max()
            .orElse(0);
    return Meta.uid(set) + "/" + Meta.revision(set) + "/" + newestPod;
  }

  private ObjectNode pod(ObjectNode set, String prefix, String podName) {
    ObjectNode pod = Pods.fromTemplate(Json.at(set, "spec", "template"), Meta.namespace(set));
    ObjectNode metadata = (ObjectNode) pod.get("metadata");
    metadata.put("name", podName).put("generateName", prefix);
    metadata.putArray("ownerReferences").add(Meta.controllerReference(type, set));
    return pod;
  }

  private List<Write> delete(Round round, ObjectNode set, List<ObjectNode> active, int count) {
    List<Write> deletes = new ArrayList<>();
    for (ObjectNode pod : PodRanking.toDelete(active, related(round, set), count, round.now())) {
      deletes.add(
          new Write.Announced(
              Write.delete(Resources.PODS, pod),
              EmitEvent.normal(type, set, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)),
              EmitEvent.warning(type, set, "FailedDelete", "Error deleting: ")));
    }
    return List.of(new Write.Batch(deletes));
  }

  /** Pods of all sets that have the same owner, so that old and new pods spread evenly. */
  private List<ObjectNode> related(Round round, ObjectNode set) {
    String namespace = Meta.namespace(set);
    List<ObjectNode> sets =
        Meta.controllerOf(set)
            .map(ref -> round.view().ownedBy(type, namespace, Json.text(ref, "uid")))
            .orElse(List.of(set));
    return sets.stream()
        .flatMap(s -> round.view().ownedBy(Resources.PODS, namespace, Meta.uid(s)).stream())
        .toList();
  }

  static int wanted(ObjectNode set) {
    return (int) Json.number(set, 1, "spec", "replicas");
  }

  private static Duration nextAvailable(ObjectNode set, List<ObjectNode> active, Instant now) {
    long minReady = Json.number(set, 0, "spec", "minReadySeconds");
    return active.stream()
        .map(pod -> Pods.untilAvailable(pod, minReady, now))
        .reduce(null, Times::sooner);
  }
}
