package io.troupe.control.controllers.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.history.RevisionHistory;
import io.troupe.control.controllers.objects.GeneratedName;
import io.troupe.control.controllers.objects.IntOrPercent;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One round of one DaemonSet: which nodes get a pod and which pods go. */
final class DaemonPods {
  private static final int BURST = 250;
  private static final Comparator<ObjectNode> OLDEST_FIRST =
      Comparator.comparing((ObjectNode pod) -> Pods.nodeName(pod).isEmpty())
          .thenComparing(pod -> Json.text(pod, "metadata", "creationTimestamp"))
          .thenComparing(Meta::name);

  private final Round round;
  private final ObjectNode set;
  private final RevisionHistory history;
  private final String hash;
  private final NodeFit fit;
  private final List<ObjectNode> nodes;
  private final List<ObjectNode> pods;
  private final Map<String, List<ObjectNode>> byNode = new HashMap<>();
  private final Set<String> needing = new LinkedHashSet<>();
  private final Set<ObjectNode> deleting = new LinkedHashSet<>();
  private final List<Write> events = new ArrayList<>();
  private Duration again;

  DaemonPods(Round round, ObjectNode set, List<ObjectNode> pods, RevisionHistory history) {
    this.round = round;
    this.set = set;
    this.history = history;
    this.pods = pods;
    this.hash =
        Meta.labels(history.present().orElseThrow()).getOrDefault(RevisionHistory.POD_LABEL, "");
    this.fit = new NodeFit(Json.at(set, "spec", "template"));
    this.nodes =
        round.view().list(Resources.NODES, "").stream()
            .sorted(Comparator.comparing(Meta::name))
            .toList();
    pods.forEach(
        pod -> byNode.computeIfAbsent(DaemonPod.node(pod), n -> new ArrayList<>()).add(pod));
    byNode.values().forEach(list -> list.sort(OLDEST_FIRST));
  }

  Plan plan() {
    nodes.forEach(this::manage);
    removeHomeless();
    boolean rolling = !Json.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
    if (rolling && needing.isEmpty() && deleting.isEmpty()) {
      new DaemonRollout(this).roll();
    }
    List<Write> writes =
        new ArrayList<>(DaemonStatus.writes(set, nodes, fit, byNode, hash, round.now()));
    writes.addAll(events);
    List<Write> changes = new ArrayList<>();
    needing.stream().limit(BURST).forEach(node -> changes.add(create(node)));
    deleting.stream().limit(BURST).forEach(pod -> changes.add(delete(pod)));
    if (!changes.isEmpty()) {
      writes.add(new Write.Batch(changes));
    }
    writes.addAll(history.cleanUp(set, usedRevisions()));
    return Plan.of(writes).againAfter(Times.sooner(again, nextAvailable()));
  }

  private Duration nextAvailable() {
    return pods.stream()
        .map(pod -> Pods.untilAvailable(pod, minReadySeconds(), round.now()))
        .reduce(null, Times::sooner);
  }

  private Set<String> usedRevisions() {
    Set<String> used = new HashSet<>();
    pods.forEach(
        pod ->
            used.add(
                Meta.name(set)
                    + "-"
                    + Meta.labels(pod).getOrDefault(RevisionHistory.POD_LABEL, "")));
    return used;
  }

  private void manage(ObjectNode node) {
    List<ObjectNode> here = on(Meta.name(node));
    if (fit.shouldRun(node) && here.isEmpty()) {
      needing.add(Meta.name(node));
    } else if (fit.mayStay(node)) {
      prune(node, here);
    } else {
      here.stream().filter(pod -> !Meta.isDeleting(pod)).forEach(deleting::add);
    }
  }

  private void prune(ObjectNode node, List<ObjectNode> here) {
    List<ObjectNode> running = new ArrayList<>();
    for (ObjectNode pod : here) {
      if (Meta.isDeleting(pod)) {
        continue;
      }
      switch (Pods.phase(pod)) {
        case "Failed" -> replaceFailed(node, pod);
        case "Succeeded" -> {
          tell(pod, node, "Normal", "SucceededDaemonPod", "succeeded", "delete");
          deleting.add(pod);
        }
        default -> running.add(pod);
      }
    }
    if (maxSurge() == 0) {
      running.stream().skip(1).forEach(deleting::add);
    } else if (running.isEmpty() && fit.shouldRun(node)) {
      needing.add(Meta.name(node));
    } else {
      pruneSurged(running);
    }
  }

  /** While surging, one old ready pod may stand beside one new pod that is not available yet. */
  private void pruneSurged(List<ObjectNode> running) {
    ObjectNode newest = null;
    ObjectNode old = null;
    for (ObjectNode pod : running) {
      if (DaemonPod.isOf(pod, hash) && newest == null) {
        newest = pod;
      } else if (!DaemonPod.isOf(pod, hash) && old == null) {
        old = pod;
      } else {
        deleting.add(pod);
      }
    }
    if (newest != null && old != null && (!Pods.isReady(old) || isAvailable(newest))) {
      deleting.add(old);
    }
  }

  /** A kubelet that rejects the pod again and again is given time. */
  private void replaceFailed(ObjectNode node, ObjectNode pod) {
    Duration age =
        Times.created(pod).map(at -> Duration.between(at, round.now())).orElse(Duration.ofHours(1));
    Duration least = Duration.ofSeconds(1);
    if (age.compareTo(least) < 0) {
      again = Times.sooner(again, least.minus(age));
      return;
    }
    tell(pod, node, "Warning", "FailedDaemonPod", "failed", "kill");
    deleting.add(pod);
  }

  private void tell(
      ObjectNode pod, ObjectNode node, String severity, String reason, String how, String what) {
    String text =
        "Found %s daemon pod %s/%s on node %s, will try to %s it"
            .formatted(how, Meta.namespace(pod), Meta.name(pod), Meta.name(node), what);
    events.add(new EmitEvent(Resources.DAEMON_SETS, set, severity, reason, text));
  }

  /** Pods that wait for a node that is gone would wait for ever. */
  private void removeHomeless() {
    Set<String> names = new HashSet<>();
    nodes.forEach(node -> names.add(Meta.name(node)));
    pods.stream()
        .filter(pod -> Pods.nodeName(pod).isEmpty() && !Meta.isDeleting(pod))
        .filter(pod -> !names.contains(DaemonPod.node(pod)))
        .forEach(deleting::add);
  }

  private Write create(String node) {
    String prefix = Meta.name(set) + "-";
    long newest = pods.stream().mapToLong(Meta::revision).max().orElse(0);
    String name =
        GeneratedName.of(
            prefix,
            Meta.uid(set) + "/" + Meta.revision(set) + "/" + newest + "/" + node,
            n -> round.view().find(Resources.PODS, Meta.namespace(set), n).isPresent());
    return new Write.Announced(
        new Write.Create(Resources.PODS, DaemonPod.of(set, node, hash, name)),
        EmitEvent.normal(Resources.DAEMON_SETS, set, "SuccessfulCreate", "Created pod: " + name),
        EmitEvent.warning(Resources.DAEMON_SETS, set, "FailedCreate", "Error creating: "));
  }

  private Write delete(ObjectNode pod) {
    return new Write.Announced(
        Write.delete(Resources.PODS, pod),
        EmitEvent.normal(
            Resources.DAEMON_SETS, set, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)),
        EmitEvent.warning(Resources.DAEMON_SETS, set, "FailedDelete", "Error deleting: "));
  }

  // --- for the rollout

  List<ObjectNode> nodesThatShouldRun() {
    return nodes.stream().filter(fit::shouldRun).toList();
  }

  Set<String> nodesWithPods() {
    return byNode.keySet();
  }

  boolean shouldRun(String node) {
    return nodes.stream().filter(n -> Meta.name(n).equals(node)).anyMatch(fit::shouldRun);
  }

  List<ObjectNode> on(String node) {
    return byNode.getOrDefault(node, List.of());
  }

  String hash() {
    return hash;
  }

  void remove(ObjectNode pod) {
    deleting.add(pod);
  }

  void need(String node) {
    needing.add(node);
  }

  boolean isAvailable(ObjectNode pod) {
    return Pods.isAvailable(pod, minReadySeconds(), round.now());
  }

  private long minReadySeconds() {
    return Json.number(set, 0, "spec", "minReadySeconds");
  }

  int maxSurge() {
    return limit("maxSurge");
  }

  /** Never nothing while no surge is allowed either. */
  int maxUnavailable() {
    int limit = limit("maxUnavailable");
    return limit == 0 && maxSurge() == 0 ? 1 : limit;
  }

  private int limit(String field) {
    int fallback = field.equals("maxUnavailable") ? 1 : 0;
    return IntOrPercent.resolve(
        set.at("/spec/updateStrategy/rollingUpdate/" + field),
        nodesThatShouldRun().size(),
        true,
        fallback);
  }
}
