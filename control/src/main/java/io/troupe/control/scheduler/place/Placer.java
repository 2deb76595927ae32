package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Places pods. A function of the snapshot, the pod and the seed; what it remembers (plans of
 * shapes, where the last walk ended) makes it fast and fair, and never decides whether a node is
 * feasible.
 */
public final class Placer {
  private static final int ENOUGH = 100;
  private static final int KEPT_PLANS = 256;

  private final Snapshot snapshot;
  private final Map<PodShape, ShapePlan> plans = new LinkedHashMap<>(64, 0.75f, true);
  private int start;

  public Placer(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** The nodes that would do, in walking order, and how many were looked at. */
  private record Found(NodeInfo[] nodes, int count, int evaluated) {}

  /**
   * Finds the best node.
   *
   * @param seed breaks ties between nodes of one score
   */
  public Placement place(PodInfo pod, long seed) {
    int all = snapshot.nodeCount();
    VolumePlan volumes = VolumePlan.of(snapshot, pod);
    Optional<Rejection> beforehand = all == 0 ? Optional.empty() : beforehand(pod, volumes);
    if (beforehand.isPresent()) {
      Rejection rejection = beforehand.get();
      return new Placement.NoFit(
          Diagnosis.beforehand(all, rejection.plugin(), rejection.reasons().getFirst()));
    }
    ShapePlan plan = plan(pod.shape());
    Found found = find(pod, plan, volumes);
    if (found.count() == 0) {
      return new Placement.NoFit(diagnose(pod, plan, volumes));
    }
    NodeInfo best = found.count() == 1 ? found.nodes()[0] : best(plan, found, seed);
    return new Placement.Placed(
        best.name(),
        found.evaluated(),
        found.count(),
        volumes.work(best.spec()).orElse(Placement.VolumeWork.NONE));
  }

  /** Finds pods to take away so that this one fits; for pods that fit nowhere. */
  public Preemption.Result preempt(PodInfo pod, Diagnosis diagnosis, long seed) {
    VolumePlan volumes = VolumePlan.of(snapshot, pod);
    return new Preemption(snapshot, plan(pod.shape()), volumes).find(pod, diagnosis, seed);
  }

  /** What each node says about the pod; empty reasons where it would do. */
  public Map<String, List<String>> explain(PodInfo pod) {
    VolumePlan volumes = VolumePlan.of(snapshot, pod);
    ShapePlan plan = plan(pod.shape());
    Map<String, List<String>> answers = new LinkedHashMap<>();
    for (NodeInfo node : snapshot.order()) {
      Rejection rejection = check(node, pod, plan, volumes);
      answers.put(node.name(), rejection == null ? List.of() : rejection.reasons());
    }
    return answers;
  }

  /** Whether the node would take the pod as things are. */
  public boolean fits(PodInfo pod, String node) {
    NodeInfo info = snapshot.node(node);
    return info != null
        && check(info, pod, plan(pod.shape()), VolumePlan.of(snapshot, pod)) == null;
  }

  private static Optional<Rejection> beforehand(PodInfo pod, VolumePlan volumes) {
    Optional<Set<String>> names = pod.shape().nodes().names();
    if (names.isPresent() && names.get().isEmpty()) {
      return Optional.of(Rejection.of(Plugin.NODE_AFFINITY, "pod affinity terms conflict"));
    }
    return volumes.beforehand();
  }

  private ShapePlan plan(PodShape shape) {
    ShapePlan plan = plans.get(shape);
    if (plan == null) {
      plan = ShapePlan.of(snapshot, shape);
      plans.put(shape, plan);
      evict();
      return plan;
    }
    ShapePlan current = plan.current(snapshot);
    if (!current.equals(plan)) {
      plans.put(shape, current);
    }
    return current;
  }

  /** Plans that were not used for long go, and with them their counters. */
  private void evict() {
    if (plans.size() > KEPT_PLANS) {
      var oldest = plans.entrySet().iterator();
      for (int i = 0; i < KEPT_PLANS / 4; i++) {
        oldest.next().getValue().close();
        oldest.remove();
      }
      snapshot.prune();
    }
  }

  private Found find(PodInfo pod, ShapePlan plan, VolumePlan volumes) {
    if (!pod.nominatedNode().isEmpty()) {
      NodeInfo nominated = snapshot.node(pod.nominatedNode());
      if (nominated != null && check(nominated, pod, plan, volumes) == null) {
        return new Found(new NodeInfo[] {nominated}, 1, 1);
      }
    }
    NodeInfo[] candidates = candidates(pod.shape());
    int wanted = enough(candidates.length);
    NodeInfo[] feasible = new NodeInfo[wanted];
    int count = 0;
    int walked = 0;
    int at = candidates.length == 0 ? 0 : start % candidates.length;
    while (walked < candidates.length && count < wanted) {
      NodeInfo node = candidates[at];
      at = at + 1 == candidates.length ? 0 : at + 1;
      walked++;
      if (check(node, pod, plan, volumes) == null) {
        feasible[count++] = node;
      }
    }
    start += walked;
    if (start >= snapshot.nodeCount()) {
      start -= snapshot.nodeCount();
    }
    return new Found(feasible, count, walked);
  }

  /** All nodes, or those that the affinity names (a daemon's pod names one). */
  private NodeInfo[] candidates(PodShape shape) {
    Optional<Set<String>> names = shape.nodes().names();
    if (names.isEmpty()) {
      return snapshot.order();
    }
    List<NodeInfo> named = new ArrayList<>();
    for (String name : names.get().stream().sorted().toList()) {
      NodeInfo node = snapshot.node(name);
      if (node != null) {
        named.add(node);
      }
    }
    return named.toArray(NodeInfo[]::new);
  }

  /**
   * How many feasible nodes are enough: a share that shrinks as the cluster grows, at least 5 %.
   */
  static int enough(int nodes) {
    if (nodes < ENOUGH) {
      return nodes;
    }
    int percent = Math.max(5, 50 - nodes / 125);
    return Math.max(ENOUGH, nodes * percent / 100);
  }

  private Rejection check(NodeInfo node, PodInfo pod, ShapePlan plan, VolumePlan volumes) {
    if (snapshot.hasNominations()) {
      List<PodInfo> ahead = ahead(node, pod);
      if (!ahead.isEmpty()) {
        NodeInfo copy = node.copy();
        ahead.forEach(copy::add);
        Rejection rejection = plan.check(copy, new Trial(ahead, List.of()), volumes);
        if (rejection != null) {
          return rejection;
        }
      }
    }
    return plan.check(node, Trial.NONE, volumes);
  }

  /** Pods that were promised room on the node and do not come after this one. */
  private List<PodInfo> ahead(NodeInfo node, PodInfo pod) {
    return snapshot.nominatedTo(node.name()).stream()
        .filter(p -> p.priority() >= pod.priority() && !p.uid().equals(pod.uid()))
        .toList();
  }

  private Diagnosis diagnose(PodInfo pod, ShapePlan plan, VolumePlan volumes) {
    Diagnosis diagnosis = Diagnosis.of(snapshot.nodeCount());
    NodeInfo[] candidates = candidates(pod.shape());
    for (NodeInfo node : candidates) {
      Rejection rejection = check(node, pod, plan, volumes);
      if (rejection != null) {
        diagnosis.add(node, rejection);
      }
    }
    diagnosis.add(
        Rejection.of(Plugin.NODE_AFFINITY, "node(s) didn't satisfy plugin(s) [NodeAffinity]"),
        snapshot.nodeCount() - candidates.length);
    return diagnosis;
  }

  private NodeInfo best(ShapePlan plan, Found found, long seed) {
    long[] scores = Scorer.score(snapshot, plan, found.nodes(), found.count());
    int best = 0;
    long bestTie = tie(seed, 0);
    for (int i = 1; i < found.count(); i++) {
      if (scores[i] < scores[best]) {
        continue;
      }
      long tie = tie(seed, i);
      if (scores[i] > scores[best] || tie > bestTie) {
        best = i;
        bestTie = tie;
      }
    }
    return found.nodes()[best];
  }

  /** A well-mixed number (the finalizer of splitmix64). */
  private static long tie(long seed, int i) {
    long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
