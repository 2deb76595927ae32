package io.troupe.control.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient.DeleteOptions;
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
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Removes pods that no kubelet will: on nodes that are gone or out of service, deleted before they
 * had a node, and finished ones beyond a number.
 */
public final class PodGarbageController implements Controller {
  private static final Key FINISHED = new Key("", "finished pods");
  private static final Duration SCAN_INTERVAL = Duration.ofSeconds(20);

  /** When a pod's node was first missed, or finished pods were last counted. */
  private record Since(Instant time) {}

  private final NodeTimes times;
  private final int finishedAtMost;

  public PodGarbageController(NodeTimes times, int finishedAtMost) {
    this.times = times;
    this.finishedAtMost = finishedAtMost;
  }

  @Override
  public String name() {
    return "pod-garbage-collector";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input(Resources.PODS, PodGarbageController::suspicious),
        new Input(Resources.NODES, PodGarbageController::ofNode));
  }

  private static Collection<Key> suspicious(ObjectChange change, ClusterView view) {
    ObjectNode pod = change.after();
    if (pod == null) {
      return List.of();
    }
    List<Key> keys = new ArrayList<>();
    if (Meta.isDeleting(pod) || isLost(pod, view)) {
      keys.add(Key.of(pod));
    }
    if (Pods.isFinished(pod)) {
      keys.add(FINISHED);
    }
    return keys;
  }

  private static boolean isLost(ObjectNode pod, ClusterView view) {
    String node = Pods.nodeName(pod);
    return !node.isEmpty() && view.find(Resources.NODES, "", node).isEmpty();
  }

  private static Collection<Key> ofNode(ObjectChange change, ClusterView view) {
    boolean relevant =
        change.after() == null
            || change.before() == null
            || (hasTaint(change.after()) && !hasTaint(change.before()));
    if (!relevant) {
      return List.of();
    }
    String node = Meta.name(change.object());
    return view.list(Resources.PODS, "").stream()
        .filter(pod -> Pods.nodeName(pod).equals(node))
        .map(Key::of)
        .toList();
  }

  private static boolean hasTaint(JsonNode node) {
    return Json.items(node, "spec", "taints").stream()
        .anyMatch(t -> Json.text(t, "key").equals(Taints.OUT_OF_SERVICE));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.PODS, "existence without a kubelet"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round.key().equals(FINISHED)
        ? removeFinished(round)
        : round.find(Resources.PODS).map(pod -> reconcile(round, pod)).orElse(Plan.NOTHING);
  }

  private Plan reconcile(Round round, ObjectNode pod) {
    if (isLost(pod, round.view())) {
      return lost(round, pod);
    }
    if (!Meta.isDeleting(pod)) {
      return Plan.NOTHING;
    }
    boolean outOfService =
        round
            .view()
            .find(Resources.NODES, "", Pods.nodeName(pod))
            .filter(node -> hasTaint(node) && !Taints.ready(node).equals("True"))
            .isPresent();
    return Pods.nodeName(pod).isEmpty() || outOfService
        ? Plan.of(remove(pod, Optional.empty(), round.now()))
        : Plan.NOTHING;
  }

  private Plan lost(Round round, ObjectNode pod) {
    Instant since = round.remembered(Since.class).map(Since::time).orElse(round.now());
    Duration wait = Duration.between(round.now(), since.plus(times.quarantine()));
    if (wait.isPositive()) {
      return Plan.NOTHING.againAfter(wait).remembering(new Since(since));
    }
    Condition condition =
        Condition.of("DisruptionTarget", true, "DeletionByPodGC", "PodGC: node no longer exists");
    Write.Guard gone = new Write.Guard.Absent(Resources.NODES, "", Pods.nodeName(pod), "");
    List<Write> writes =
        remove(pod, Optional.of(condition), round.now()).stream()
            .<Write>map(write -> new Write.Guarded(List.of(gone), write))
            .toList();
    return Plan.of(writes).remembering(new Since(since));
  }

  private static List<Write> remove(ObjectNode pod, Optional<Condition> condition, Instant now) {
    List<Write> writes = new ArrayList<>();
    if (!Pods.isFinished(pod)) {
      ObjectNode status = Statuses.draft(pod);
      status.put("phase", "Failed");
      condition.ifPresent(c -> Conditions.set(status, c, now));
      writes.addAll(Statuses.write(Resources.PODS, pod, status));
    }
    writes.add(
        new Write.Delete(
            Resources.PODS, Meta.namespace(pod), Meta.name(pod), DeleteOptions.now(Meta.uid(pod))));
    return writes;
  }

  private Plan removeFinished(Round round) {
    Optional<Since> last = round.remembered(Since.class);
    Duration wait =
        last.map(s -> Duration.between(round.now(), s.time.plus(SCAN_INTERVAL)))
            .orElse(Duration.ZERO);
    if (wait.isPositive()) {
      return Plan.NOTHING.againAfter(wait).remembering(last.get());
    }
    List<ObjectNode> finished =
        round.view().list(Resources.PODS, "").stream().filter(Pods::isFinished).toList();
    List<Write> removals =
        finished.stream()
            .sorted(
                Comparator.comparing(PodGarbageController::isKept)
                    .thenComparing(pod -> Json.text(pod, "metadata", "creationTimestamp"))
                    .thenComparing(Meta::name))
            .limit(Math.max(0, finished.size() - finishedAtMost))
            .flatMap(pod -> remove(pod, Optional.empty(), round.now()).stream())
            .toList();
    List<Write> writes = removals.isEmpty() ? List.of() : List.of(new Write.Batch(removals));
    return Plan.of(writes).remembering(new Since(round.now()));
  }

  /** Evicted pods go first. */
  private static boolean isKept(JsonNode pod) {
    return !(Pods.phase(pod).equals("Failed")
        && Json.text(pod, "status", "reason").equals("Evicted"));
  }
}
