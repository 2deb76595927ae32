package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.TemplateHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One round of one Deployment: the next step of its rollout and the status that goes with it. */
final class Rollout {
  private final Round round;
  private final ObjectNode deployment;
  private final DeploymentSpec spec;
  private final List<ObjectNode> old;
  private final List<Write> writes = new ArrayList<>();
  private final DeploymentStatus status;
  private ObjectNode current;

  Rollout(Round round, ObjectNode deployment, List<ObjectNode> sets) {
    this.round = round;
    this.deployment = deployment;
    this.spec = new DeploymentSpec(deployment);
    this.status = new DeploymentStatus(deployment, round.now());
    List<ObjectNode> sorted = sets.stream().sorted(Sets.OLDEST_FIRST).toList();
    JsonNode template = Json.at(deployment, "spec", "template");
    this.current =
        sorted.stream()
            .filter(set -> TemplateHash.sameTemplate(Json.at(set, "spec", "template"), template))
            .findFirst()
            .orElse(null);
    this.old = new ArrayList<>(sorted);
    this.old.remove(current);
  }

  Plan plan() {
    if (Meta.isDeleting(deployment)) {
      return finish(false);
    }
    status.markPaused(spec);
    if (spec.isPaused() || isScaled()) {
      syncCurrent();
      scaleProportionally();
      if (spec.isPaused()) {
        cleanUpHistory();
      }
      return finish(false);
    }
    if (spec.isRolling()) {
      roll();
    } else {
      recreate();
    }
    return finish(true);
  }

  private Plan finish(boolean isRollout) {
    List<ObjectNode> all = all();
    ObjectNode next = status.next(all, current, isRollout);
    List<Write> ordered = new ArrayList<>(status.write(next));
    ordered.addAll(revisionAnnotation());
    ordered.addAll(writes);
    Duration again = isRollout ? status.untilDeadline(next) : null;
    return Plan.of(ordered).againAfter(again);
  }

  private List<ObjectNode> all() {
    List<ObjectNode> all = new ArrayList<>(old);
    if (current != null) {
      all.add(current);
    }
    return all;
  }

  /** The Deployment shows the revision of its present ReplicaSet. */
  private List<Write> revisionAnnotation() {
    String revision =
        current == null ? "" : Meta.annotations(current).getOrDefault(Revisions.REVISION, "");
    if (revision.isEmpty()
        || revision.equals(Meta.annotations(deployment).get(Revisions.REVISION))) {
      return List.of();
    }
    ObjectNode patch = Json.object();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("uid", Meta.uid(deployment));
    metadata.putObject("annotations").put(Revisions.REVISION, revision);
    return List.of(Write.merge(Resources.DEPLOYMENTS, deployment, patch));
  }

  /** Whether {@code spec.replicas} changed since the ReplicaSets were last sized. */
  private boolean isScaled() {
    return Sets.active(all()).stream()
        .anyMatch(set -> Revisions.desired(set, spec.replicas()) != spec.replicas());
  }

  // --- rolling update

  private void roll() {
    if (!ensureCurrent()) {
      return;
    }
    if (growCurrent() || shrinkOld()) {
      return;
    }
    if (status.isComplete(spec)) {
      cleanUpHistory();
    }
  }

  private boolean growCurrent() {
    int size = Sets.wanted(current);
    if (size == spec.replicas()) {
      return false;
    }
    int next = size > spec.replicas() ? spec.replicas() : currentSize(all(), size);
    return scaleCurrent(next);
  }

  /** How large the present set may be: never more pods in all than surge allows. */
  private int currentSize(List<ObjectNode> all, int size) {
    if (!spec.isRolling()) {
      return spec.replicas();
    }
    int room = spec.maxReplicas() - Sets.wanted(all);
    return room <= 0 ? size : size + Math.min(room, spec.replicas() - size);
  }

  private boolean shrinkOld() {
    if (Sets.wanted(old) == 0) {
      return false;
    }
    int minAvailable = spec.replicas() - spec.maxUnavailable();
    int missingOfCurrent = Sets.wanted(current) - Sets.available(current);
    int removable = Sets.wanted(all()) - minAvailable - missingOfCurrent;
    if (removable <= 0) {
      return false;
    }
    // Deletions that are not carried out yet make the counts of the set useless: wait for them.
    if (old.stream().anyMatch(set -> Sets.available(set) > Sets.wanted(set))) {
      return false;
    }
    int removed = removeUnhealthy(removable);
    return removeAvailable(minAvailable) + removed > 0;
  }

  /** Pods that do not serve go first; that costs no availability. */
  private int removeUnhealthy(int removable) {
    int removed = 0;
    for (int i = 0; i < old.size() && removed < removable; i++) {
      ObjectNode set = old.get(i);
      int unhealthy = Sets.wanted(set) - Sets.available(set);
      if (Sets.wanted(set) == 0 || unhealthy == 0) {
        continue;
      }
      int less = Math.min(removable - removed, unhealthy);
      scaleOld(i, Sets.wanted(set) - less, false);
      removed += less;
    }
    return removed;
  }

  private int removeAvailable(int minAvailable) {
    int spare = Sets.sum(all(), "status", "availableReplicas") - minAvailable;
    int removed = 0;
    for (int i = 0; i < old.size() && removed < spare; i++) {
      int size = Sets.wanted(old.get(i));
      if (size > 0) {
        int less = Math.min(size, spare - removed);
        scaleOld(i, size - less, false);
        removed += less;
      }
    }
    return removed;
  }

  // --- recreate

  private void recreate() {
    syncCurrent();
    boolean shrunk = false;
    for (int i = 0; i < old.size(); i++) {
      shrunk |= Sets.wanted(old.get(i)) > 0 && scaleOld(i, 0, false);
    }
    if (shrunk || oldPodsRun()) {
      return;
    }
    if (current == null && !ensureCurrent()) {
      return;
    }
    scaleCurrent(spec.replicas());
    if (status.isComplete(spec)) {
      cleanUpHistory();
    }
  }

  private boolean oldPodsRun() {
    return Sets.sum(old, "status", "replicas") > 0
        || old.stream()
            .flatMap(
                set ->
                    round
                        .view()
                        .ownedBy(Resources.PODS, Meta.namespace(set), Meta.uid(set))
                        .stream())
            .anyMatch(pod -> !Pods.isFinished(pod));
  }

  // --- scaling while a rollout is paused or under way

  private void scaleProportionally() {
    Optional<ObjectNode> single = activeOrLatest();
    if (single.isPresent()) {
      scale(single.get(), spec.replicas(), false);
    } else if (isSaturated()) {
      for (int i = 0; i < old.size(); i++) {
        scaleOld(i, 0, false);
      }
    } else if (spec.isRolling()) {
      new ProportionalScale(spec)
          .sizes(Sets.active(all()))
          .forEach((set, size) -> scale(set, size, true));
    }
  }

  private Optional<ObjectNode> activeOrLatest() {
    List<ObjectNode> active = Sets.active(all());
    return switch (active.size()) {
      case 0 ->
          Optional.ofNullable(current)
              .or(() -> old.stream().max(Comparator.comparing(s -> s, Sets.OLDEST_FIRST)));
      case 1 -> Optional.of(active.getFirst());
      default -> Optional.empty();
    };
  }

  private boolean isSaturated() {
    return current != null
        && Sets.wanted(current) == spec.replicas()
        && Revisions.desired(current, -1) == spec.replicas()
        && Sets.available(current) == spec.replicas();
  }

  private void scale(ObjectNode set, int size, boolean force) {
    if (set.equals(current)) {
      current = resized(set, size, force);
    } else {
      scaleOld(old.indexOf(set), size, force);
    }
  }

  private boolean scaleCurrent(int size) {
    boolean differs = Sets.wanted(current) != size;
    current = resized(current, size, false);
    return differs;
  }

  private boolean scaleOld(int index, int size, boolean force) {
    ObjectNode set = old.get(index);
    old.set(index, resized(set, size, force));
    return Sets.wanted(set) != size;
  }

  private ObjectNode resized(ObjectNode set, int size, boolean force) {
    int before = Sets.wanted(set);
    if (before == size && !(force && Revisions.sizesDiffer(set, spec))) {
      return set;
    }
    ObjectNode next = set.deepCopy();
    Json.ensure(next, "spec").put("replicas", size);
    Revisions.stampSizes(next, spec);
    Write update = Write.update(Resources.REPLICA_SETS, next);
    writes.add(
        before == size
            ? update
            : new Write.Announced(update, scaled(Meta.name(set), before, size), null));
    return next;
  }

  private EmitEvent scaled(String set, int before, int after) {
    return EmitEvent.normal(
        Resources.DEPLOYMENTS,
        deployment,
        "ScalingReplicaSet",
        "Scaled %s replica set %s from %d to %d"
            .formatted(before < after ? "up" : "down", set, before, after));
  }

  // --- the present ReplicaSet

  /** Returns false when the present set had to be made or changed first: look again then. */
  private boolean ensureCurrent() {
    if (current != null) {
      return syncCurrent();
    }
    long revision = nextRevision();
    Integer collisions = status.collisions();
    JsonNode template = Json.at(deployment, "spec", "template");
    String hash = TemplateHash.of(template, collisions);
    String name = Meta.name(deployment) + "-" + hash;
    if (round.view().find(Resources.REPLICA_SETS, Meta.namespace(deployment), name).isPresent()) {
      status.addCollision();
      return false;
    }
    create(NewReplicaSet.of(deployment, spec, name, hash), revision);
    return false;
  }

  private void create(ObjectNode set, long revision) {
    List<ObjectNode> all = new ArrayList<>(old);
    int size = currentSize(all, 0);
    Json.ensure(set, "spec").put("replicas", size);
    Revisions.stamp(set, deployment, revision);
    Revisions.stampSizes(set, spec);
    String name = Meta.name(set);
    if (round.failure().isPresent()) {
      status.markCreateFailed(spec, name, round.failure().get().message());
    } else {
      status.markCreated(spec, name);
    }
    writes.add(
        new Write.Announced(
            new Write.Create(Resources.REPLICA_SETS, set),
            size > 0 ? scaled(name, 0, size) : null,
            EmitEvent.warning(
                Resources.DEPLOYMENTS,
                deployment,
                "ReplicaSetCreateError",
                "Failed to create new replica set \"" + name + "\": ")));
  }

  private long nextRevision() {
    return old.stream().mapToLong(Revisions::of).max().orElse(0) + 1;
  }

  /** Brings annotations and minReadySeconds of the present set up to date; true if they were. */
  private boolean syncCurrent() {
    if (current == null) {
      return true;
    }
    ObjectNode next = current.deepCopy();
    Revisions.stamp(next, deployment, nextRevision());
    if (Json.number(next, 0, "spec", "minReadySeconds") != spec.minReadySeconds()) {
      Json.ensure(next, "spec").put("minReadySeconds", spec.minReadySeconds());
    }
    status.markFound(spec, Meta.name(current));
    if (JsonEquality.same(next, current)) {
      return true;
    }
    writes.add(Write.update(Resources.REPLICA_SETS, next));
    current = next;
    return false;
  }

  private void cleanUpHistory() {
    if (spec.historyLimit().isEmpty()) {
      return;
    }
    List<ObjectNode> cleanable =
        old.stream().filter(set -> !Meta.isDeleting(set)).sorted(Sets.BY_REVISION).toList();
    int surplus = cleanable.size() - spec.historyLimit().get();
    cleanable.stream()
        .limit(Math.max(0, surplus))
        .filter(Rollout::isUnused)
        .forEach(set -> writes.add(Write.delete(Resources.REPLICA_SETS, set)));
  }

  private static boolean isUnused(ObjectNode set) {
    return Sets.wanted(set) == 0
        && Json.number(set, 0, "status", "replicas") == 0
        && Meta.generation(set) <= Json.number(set, 0, "status", "observedGeneration");
  }
}
