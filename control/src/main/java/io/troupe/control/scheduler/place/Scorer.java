package io.troupe.control.scheduler.place;

import io.troupe.control.allocation.Demand;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;
import io.troupe.control.scheduler.snapshot.Topology;
import java.util.Arrays;

/**
 * Scores feasible nodes with upstream's default plugins and weights: TaintToleration 3,
 * NodeAffinity 2, PodTopologySpread 2, InterPodAffinity 2, NodeResourcesFit (least allocated) 1,
 * NodeResourcesBalancedAllocation 1, ImageLocality 1.
 */
final class Scorer {
  private static final long MAX = 100;
  private static final long MIB = 1024 * 1024;
  private static final long MIN_IMAGE_BYTES = 23 * MIB;
  private static final long MAX_CONTAINER_BYTES = 1000 * MIB;

  private final Snapshot snapshot;
  private final ShapePlan plan;
  private final PodShape shape;
  private final NodeInfo[] nodes;
  private final int count;
  private final long[] totals;

  private Scorer(Snapshot snapshot, ShapePlan plan, NodeInfo[] nodes, int count) {
    this.snapshot = snapshot;
    this.plan = plan;
    this.shape = plan.shape();
    this.nodes = nodes;
    this.count = count;
    this.totals = new long[count];
  }

  /** The total of each of the first count nodes. */
  static long[] score(Snapshot snapshot, ShapePlan plan, NodeInfo[] nodes, int count) {
    Scorer scorer = new Scorer(snapshot, plan, nodes, count);
    scorer.taints();
    scorer.preferences();
    scorer.resources();
    scorer.images();
    scorer.spread();
    scorer.affinity();
    return scorer.totals;
  }

  private void taints() {
    long most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, plan.verdicts().softTaints(nodes[i]));
    }
    for (int i = 0; most > 0 && i < count; i++) {
      totals[i] += 3 * (MAX - MAX * plan.verdicts().softTaints(nodes[i]) / most);
    }
  }

  private void preferences() {
    if (shape.preferredNodes().isEmpty()) {
      return;
    }
    long most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, plan.verdicts().preference(nodes[i]));
    }
    for (int i = 0; most > 0 && i < count; i++) {
      totals[i] += 2 * (MAX * plan.verdicts().preference(nodes[i]) / most);
    }
  }

  private void resources() {
    Demand demand = shape.demand();
    Demand scoring = shape.scoringDemand();
    boolean isBalanced = demand.cpuMillis() > 0 || demand.memoryBytes() > 0;
    for (int i = 0; i < count; i++) {
      NodeInfo node = nodes[i];
      Demand has = node.spec().allocatable();
      totals[i] +=
          leastAllocated(
              node.scoringCpuMillis() + scoring.cpuMillis(),
              has.cpuMillis(),
              node.scoringMemoryBytes() + scoring.memoryBytes(),
              has.memoryBytes());
      if (isBalanced) {
        totals[i] += balance(node.used(), demand, has);
      }
    }
  }

  static long leastAllocated(long cpu, long cpuHas, long memory, long memoryHas) {
    int weights = (cpuHas > 0 ? 1 : 0) + (memoryHas > 0 ? 1 : 0);
    return weights == 0 ? 0 : (free(cpu, cpuHas) + free(memory, memoryHas)) / weights;
  }

  private static long free(long used, long has) {
    if (has == 0 || used > has) {
      return 0;
    }
    // Bytes times a hundred overflow only beyond 80 PiB.
    return (has - used) * MAX / has;
  }

  static long balance(Demand used, Demand more, Demand has) {
    long with =
        evenness(
            used.cpuMillis() + more.cpuMillis(),
            has.cpuMillis(),
            used.memoryBytes() + more.memoryBytes(),
            has.memoryBytes());
    long without =
        evenness(used.cpuMillis(), has.cpuMillis(), used.memoryBytes(), has.memoryBytes());
    return MAX / 2 + (MAX / 2 + with - without) / 2;
  }

  private static long evenness(long cpu, long cpuHas, long memory, long memoryHas) {
    if (cpuHas == 0 || memoryHas == 0) {
      return MAX;
    }
    double left = Math.min(1.0, (double) cpu / cpuHas);
    double right = Math.min(1.0, (double) memory / memoryHas);
    return (long) ((1 - Math.abs((left - right) / 2)) * MAX);
  }

  private void images() {
    int all = shape.images().size();
    long limit = MAX_CONTAINER_BYTES * all;
    for (int i = 0; i < count; i++) {
      if (!nodes[i].spec().imageBytes().isEmpty()) {
        long bytes = Math.clamp(imageBytes(nodes[i]), MIN_IMAGE_BYTES, limit);
        totals[i] += MAX * (bytes - MIN_IMAGE_BYTES) / (limit - MIN_IMAGE_BYTES);
      }
    }
  }

  /** Bytes that the node has already, less where few nodes have them. */
  private long imageBytes(NodeInfo node) {
    long sum = 0;
    for (String image : shape.images()) {
      Long bytes = node.spec().imageBytes().get(image);
      if (bytes != null) {
        double share = (double) snapshot.images().nodesWith(image) / snapshot.nodeCount();
        sum += (long) (bytes * share);
      }
    }
    return sum;
  }

  private void spread() {
    if (plan.spread().soft().isEmpty()) {
      return;
    }
    boolean[] isIgnored = new boolean[count];
    int counted = count;
    for (int i = 0; plan.spread().requiresAllLabels() && i < count; i++) {
      for (SpreadPlan.Counted soft : plan.spread().soft()) {
        isIgnored[i] |= soft.counter().domain(nodes[i]) == Topology.NONE;
      }
      counted -= isIgnored[i] ? 1 : 0;
    }
    double[] sums = new double[count];
    for (SpreadPlan.Counted soft : plan.spread().soft()) {
      addSpread(soft, sums, isIgnored, counted);
    }
    normalizeSpread(sums, isIgnored);
  }

  private void addSpread(SpreadPlan.Counted soft, double[] sums, boolean[] isIgnored, int counted) {
    boolean isPerHost = soft.constraint().topologyKey().equals(Topology.HOSTNAME);
    double weight = Math.log((isPerHost ? counted : domainsOf(soft, isIgnored)) + 2.0);
    for (int i = 0; i < count; i++) {
      int domain = soft.counter().domain(nodes[i]);
      if (!isIgnored[i] && domain != Topology.NONE) {
        long pods =
            isPerHost ? soft.counter().pods().on(nodes[i].slot()) : soft.counter().count(domain);
        sums[i] += pods * weight + (soft.constraint().maxSkew() - 1);
      }
    }
  }

  private int domainsOf(SpreadPlan.Counted soft, boolean[] isIgnored) {
    boolean[] isSeen = new boolean[soft.counter().topology().size()];
    int seen = 0;
    for (int i = 0; i < count; i++) {
      int domain = soft.counter().domain(nodes[i]);
      if (!isIgnored[i] && domain != Topology.NONE && !isSeen[domain]) {
        isSeen[domain] = true;
        seen++;
      }
    }
    return seen;
  }

  private void normalizeSpread(double[] sums, boolean[] isIgnored) {
    long least = Long.MAX_VALUE;
    long most = 0;
    long[] rounded = new long[count];
    for (int i = 0; i < count; i++) {
      rounded[i] = Math.round(sums[i]);
      if (!isIgnored[i]) {
        least = Math.min(least, rounded[i]);
        most = Math.max(most, rounded[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      if (!isIgnored[i]) {
        totals[i] += 2 * (most == 0 ? MAX : MAX * (most + least - rounded[i]) / most);
      }
    }
  }

  private void affinity() {
    if (plan.affinity().weighted().isEmpty()) {
      return;
    }
    long[] sums = new long[count];
    for (AffinityPlan.Weighted weighted : plan.affinity().weighted()) {
      for (int i = 0; i < count; i++) {
        int domain = weighted.counter().domain(nodes[i]);
        if (domain != Topology.NONE) {
          sums[i] += (long) weighted.weight() * weighted.counter().count(domain);
        }
      }
    }
    long least = Arrays.stream(sums).min().orElse(0);
    long most = Arrays.stream(sums).max().orElse(0);
    for (int i = 0; most > least && i < count; i++) {
      totals[i] += 2 * (long) (MAX * ((double) (sums[i] - least) / (most - least)));
    }
  }
}
