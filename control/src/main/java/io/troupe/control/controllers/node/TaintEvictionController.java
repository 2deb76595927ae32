package io.troupe.control.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient.DeleteOptions;
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
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Deletes pods that do not tolerate, or no longer tolerate, a NoExecute taint of their node. */
public final class TaintEvictionController implements Controller {
  /** An eviction that is due later, counted from this time on. */
  private record Scheduled(Instant since) {}

  @Override
  public String name() {
    return "taint-eviction";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input(Resources.PODS, TaintEvictionController::placed),
        new Input(Resources.NODES, TaintEvictionController::tainted));
  }

  /** Only a pod on a node with such a taint, or one that was to go, is worth a look. */
  private static Collection<Key> placed(ObjectChange change, ClusterView view) {
    ObjectNode pod = change.object();
    return view.find(Resources.NODES, "", Pods.nodeName(pod))
        .filter(node -> !Taints.noExecute(node).isEmpty())
        .map(node -> List.of(Key.of(pod)))
        .orElse(List.of());
  }

  private static Collection<Key> tainted(ObjectChange change, ClusterView view) {
    List<JsonNode> before = noExecute(change.before());
    List<JsonNode> after = noExecute(change.after());
    if (before.equals(after)) {
      return List.of();
    }
    String node = Meta.name(change.object());
    return view.list(Resources.PODS, "").stream()
        .filter(pod -> Pods.nodeName(pod).equals(node))
        .map(Key::of)
        .toList();
  }

  private static List<JsonNode> noExecute(ObjectNode node) {
    return node == null ? List.of() : Taints.noExecute(node);
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.PODS, "existence on tainted nodes"));
  }

  @Override
  public Plan reconcile(Round round) {
    Optional<ObjectNode> pod = round.find(Resources.PODS).filter(p -> !Meta.isDeleting(p));
    if (pod.isEmpty()) {
      return Plan.NOTHING;
    }
    List<JsonNode> taints =
        round
            .view()
            .find(Resources.NODES, "", Pods.nodeName(pod.get()))
            .map(Taints::noExecute)
            .orElse(List.of());
    Optional<Duration> patience = Tolerations.patience(pod.get(), taints);
    if (taints.isEmpty() || patience.isEmpty()) {
      return cancel(round, pod.get());
    }
    Instant since =
        round
            .remembered(Scheduled.class)
            .map(Scheduled::since)
            .orElseGet(() -> since(round, pod.get(), taints));
    Duration wait = Duration.between(round.now(), since.plus(patience.get()));
    return wait.isPositive()
        ? Plan.NOTHING.againAfter(wait).remembering(new Scheduled(since))
        : evict(round, pod.get());
  }

  private static Plan cancel(Round round, ObjectNode pod) {
    return round.remembered(Scheduled.class).isPresent()
        ? Plan.of(event(pod, "Cancelling deletion of Pod "))
        : Plan.NOTHING;
  }

  /**
   * Since the pod is there and the newest taint is: the times that the objects themselves state.
   */
  private static Instant since(Round round, ObjectNode pod, List<JsonNode> taints) {
    Stream<Optional<Instant>> added = taints.stream().map(t -> Times.at(t, "timeAdded"));
    Optional<Instant> placed =
        Conditions.find(pod, "PodScheduled")
            .flatMap(c -> Times.at(c, "lastTransitionTime"))
            .or(() -> Times.created(pod));
    return Stream.concat(added, Stream.of(placed))
        .map(time -> time.orElse(round.now()))
        .max(Instant::compareTo)
        .orElse(round.now());
  }

  private static Plan evict(Round round, ObjectNode pod) {
    ObjectNode status = Statuses.draft(pod);
    Conditions.set(
        status,
        Condition.of(
            "DisruptionTarget",
            true,
            "DeletionByTaintManager",
            "Taint manager: deleting due to NoExecute taint"),
        round.now());
    List<Write> writes = new ArrayList<>();
    writes.add(event(pod, "Marking for deletion Pod "));
    writes.addAll(Statuses.write(Resources.PODS, pod, status));
    writes.add(
        new Write.Delete(
            Resources.PODS,
            Meta.namespace(pod),
            Meta.name(pod),
            new DeleteOptions(-1, "", Meta.uid(pod), "")));
    return Plan.of(writes);
  }

  private static Write event(ObjectNode pod, String text) {
    return EmitEvent.normal(Resources.PODS, pod, "TaintManagerEviction", text + Key.of(pod));
  }
}
