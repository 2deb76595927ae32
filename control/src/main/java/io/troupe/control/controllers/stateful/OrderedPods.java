package io.troupe.control.controllers.stateful;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.history.RevisionHistory;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** One round of one StatefulSet: which pods to create and delete now, in the order of ordinals. */
final class OrderedPods {
  private final Round round;
  private final StatefulSpec spec;
  private final List<ObjectNode> pods;
  private final ObjectNode current;
  private final ObjectNode update;
  private final TreeMap<Integer, ObjectNode> replicas = new TreeMap<>();
  private final List<ObjectNode> condemned;
  private final List<Write> writes = new ArrayList<>();

  OrderedPods(
      Round round,
      StatefulSpec spec,
      List<ObjectNode> pods,
      ObjectNode current,
      ObjectNode update) {
    this.round = round;
    this.spec = spec;
    this.pods = pods;
    this.current = current;
    this.update = update;
    pods.stream()
        .filter(pod -> spec.isInRange(spec.ordinal(pod)))
        .forEach(pod -> replicas.put(spec.ordinal(pod), pod));
    this.condemned =
        pods.stream()
            .filter(pod -> !spec.isInRange(spec.ordinal(pod)))
            .sorted(Comparator.comparingInt(spec::ordinal).reversed())
            .toList();
  }

  Plan plan(RevisionHistory history) {
    List<Write> all =
        new ArrayList<>(StatefulStatus.writes(spec, pods, current, update, round.now()));
    if (!Meta.isDeleting(spec.set())) {
      boolean settled = keepReplicas() && keepClaims() && removeCondemned();
      if (settled && spec.isRolling()) {
        replaceOutdated();
      }
      all.addAll(spec.isParallel() && !writes.isEmpty() ? List.of(batch()) : writes);
      all.addAll(history.cleanUp(spec.set(), usedRevisions()));
    }
    return Plan.of(all).againAfter(nextAvailable());
  }

  private Write batch() {
    return new Write.Batch(writes);
  }

  private Set<String> usedRevisions() {
    Set<String> used = new HashSet<>();
    pods.forEach(pod -> used.add(StatefulPod.revision(pod)));
    used.add(Meta.name(current));
    return used;
  }

  private Duration nextAvailable() {
    return pods.stream()
        .map(pod -> Pods.untilAvailable(pod, spec.minReadySeconds(), round.now()))
        .reduce(null, Times::sooner);
  }

  /** Returns false when the order of ordinals demands to wait. */
  private boolean keepReplicas() {
    for (int ordinal = spec.start(); ordinal < spec.start() + spec.replicas(); ordinal++) {
      if (!keep(ordinal) && !spec.isParallel()) {
        return false;
      }
    }
    return true;
  }

  private boolean keep(int ordinal) {
    ObjectNode pod = replicas.get(ordinal);
    if (pod == null) {
      if (!createClaims(ordinal)) {
        return false;
      }
      create(ordinal);
      return false;
    }
    if (Pods.isFinished(pod)) {
      delete(pod);
      return false;
    }
    if (Pods.phase(pod).equals("Pending")) {
      createClaims(ordinal);
    }
    return !Meta.isDeleting(pod) && isAvailable(pod);
  }

  private boolean isAvailable(ObjectNode pod) {
    return Pods.phase(pod).equals("Running")
        && Pods.isAvailable(pod, spec.minReadySeconds(), round.now());
  }

  private boolean isUnavailable(ObjectNode pod) {
    return pod == null || Meta.isDeleting(pod) || !isAvailable(pod);
  }

  /** Returns false while a claim of a former pod is still being deleted. */
  private boolean createClaims(int ordinal) {
    for (ObjectNode claim : StatefulPod.claims(spec, ordinal)) {
      var present =
          round
              .view()
              .find(Resources.PERSISTENT_VOLUME_CLAIMS, Meta.namespace(claim), Meta.name(claim));
      if (present.filter(Meta::isDeleting).isPresent()) {
        return false;
      }
      if (present.isEmpty()) {
        String text =
            "Create Claim %s Pod %s in StatefulSet %s success"
                .formatted(Meta.name(claim), spec.podName(ordinal), Meta.name(spec.set()));
        String failed =
            "Create Claim %s for Pod %s in StatefulSet %s failed error: "
                .formatted(Meta.name(claim), spec.podName(ordinal), Meta.name(spec.set()));
        writes.add(
            new Write.Announced(
                new Write.Create(Resources.PERSISTENT_VOLUME_CLAIMS, claim),
                normal("SuccessfulCreate", text),
                warning("FailedCreate", failed)));
      }
    }
    return true;
  }

  private void create(int ordinal) {
    boolean isOld = spec.isRolling() && ordinal < spec.start() + spec.partition();
    ObjectNode pod = StatefulPod.of(spec, ordinal, isOld ? current : update);
    writes.add(announced("Create", Meta.name(pod), new Write.Create(Resources.PODS, pod)));
  }

  private void delete(ObjectNode pod) {
    if (!Meta.isDeleting(pod)) {
      writes.add(announced("Delete", Meta.name(pod), Write.delete(Resources.PODS, pod)));
    }
  }

  private Write announced(String verb, String pod, Write write) {
    String text = "%s Pod %s in StatefulSet %s ".formatted(verb, pod, Meta.name(spec.set()));
    return new Write.Announced(
        write,
        normal("Successful" + verb, text + "successful"),
        warning("Failed" + verb, text + "failed error: "));
  }

  private EmitEvent normal(String reason, String text) {
    return EmitEvent.normal(Resources.STATEFUL_SETS, spec.set(), reason, text);
  }

  private EmitEvent warning(String reason, String text) {
    return EmitEvent.warning(Resources.STATEFUL_SETS, spec.set(), reason, text);
  }

  private boolean keepClaims() {
    for (ObjectNode pod : pods) {
      writes.addAll(ClaimOwners.writes(round.view(), spec, pod));
    }
    return true;
  }

  /** Surplus pods go from the highest ordinal down, one after the other unless parallel. */
  private boolean removeCondemned() {
    ObjectNode firstUnhealthy = firstUnhealthy();
    for (ObjectNode pod : condemned) {
      if (spec.isParallel()) {
        delete(pod);
        continue;
      }
      if (!Meta.isDeleting(pod) && (isAvailable(pod) || pod.equals(firstUnhealthy))) {
        delete(pod);
      }
      return false;
    }
    return true;
  }

  /** The only unhealthy pod that may be deleted in order: the lowest one. */
  private ObjectNode firstUnhealthy() {
    return replicas.values().stream()
        .filter(this::isUnavailable)
        .findFirst()
        .or(() -> condemned.reversed().stream().filter(this::isUnavailable).findFirst())
        .orElse(null);
  }

  /** Deletes pods of old revisions, highest ordinals first, as many as may be missing. */
  private void replaceOutdated() {
    int budget =
        spec.maxUnavailable()
            - (int) replicas.values().stream().filter(this::isUnavailable).count()
            - (spec.replicas() - replicas.size());
    for (ObjectNode pod : replicas.descendingMap().values()) {
      boolean outdated =
          !StatefulPod.revision(pod).equals(Meta.name(update))
              && spec.ordinal(pod) - spec.start() >= spec.partition()
              && !Meta.isDeleting(pod);
      if (!outdated) {
        continue;
      }
      if (spec.isParallel() && isUnavailable(pod)) {
        delete(pod);
      } else if (budget > 0 && !isUnavailable(pod)) {
        delete(pod);
        budget--;
      }
    }
  }
}
