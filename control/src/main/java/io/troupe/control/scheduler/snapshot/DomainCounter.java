package io.troupe.control.scheduler.snapshot;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Predicate;

/**
 * How many pods of some kind each domain of a topology has, counting only nodes that are eligible;
 * with the smallest count of all domains that have an eligible node.
 */
public final class DomainCounter implements AutoCloseable {
  private final Snapshot snapshot;
  private final PodCounter pods;
  private final Topology topology;
  private final Predicate<NodeInfo> eligible;
  private final BitSet eligibleSlots = new BitSet();
  private int[] counts = new int[0];
  private int[] nodes = new int[0];
  private int domains;
  private long sum;
  private int smallest;
  private int atSmallest;
  private long builtAt = -1;

  DomainCounter(
      Snapshot snapshot, PodCounter pods, Topology topology, Predicate<NodeInfo> eligible) {
    this.snapshot = snapshot;
    this.pods = pods;
    this.topology = topology;
    this.eligible = eligible;
    pods.attach(this);
  }

  public Topology topology() {
    return topology;
  }

  public PodCounter pods() {
    return pods;
  }

  public int domain(NodeInfo node) {
    return topology.domain(node.slot());
  }

  /** Pods in the domain; 0 for one that has no eligible node. */
  public int count(int domain) {
    refresh();
    return domain < counts.length ? counts[domain] : 0;
  }

  /** Pods in all domains. */
  public long sum() {
    refresh();
    return sum;
  }

  /** How many domains have an eligible node. */
  public int domains() {
    refresh();
    return domains;
  }

  public boolean isPresent(int domain) {
    refresh();
    return domain < nodes.length && nodes[domain] > 0;
  }

  /** The smallest count; {@link Integer#MAX_VALUE} without domains. */
  public int smallest() {
    refresh();
    if (atSmallest == 0) {
      findSmallest();
    }
    return smallest;
  }

  /** The smallest count if one domain had some more (or fewer) pods. */
  public int smallestWith(int domain, int delta) {
    int least = Integer.MAX_VALUE;
    refresh();
    for (int d = 0; d < counts.length; d++) {
      if (nodes[d] > 0) {
        least = Math.min(least, counts[d] + (d == domain ? delta : 0));
      }
    }
    return least;
  }

  /** Whether pods on the node count. */
  public boolean isEligible(NodeInfo node) {
    refresh();
    return eligibleSlots.get(node.slot());
  }

  void added(int slot, int delta) {
    if (builtAt != snapshot.rulesVersion() || !eligibleSlots.get(slot)) {
      return;
    }
    int domain = topology.domain(slot);
    int before = counts[domain];
    counts[domain] = before + delta;
    sum += delta;
    if (atSmallest == 0) {
      return;
    }
    if (before == smallest && delta > 0) {
      atSmallest--;
    } else if (counts[domain] <= smallest) {
      // A new smallest, or one more at the smallest: found again when it is asked for.
      atSmallest = 0;
    }
  }

  private void refresh() {
    if (builtAt == snapshot.rulesVersion()) {
      return;
    }
    counts = new int[topology.size()];
    nodes = new int[topology.size()];
    eligibleSlots.clear();
    domains = 0;
    sum = 0;
    for (NodeInfo node : snapshot.nodes()) {
      int domain = topology.domain(node.slot());
      if (domain != Topology.NONE && eligible.test(node)) {
        eligibleSlots.set(node.slot());
        counts[domain] += pods.on(node.slot());
        sum += pods.on(node.slot());
        if (nodes[domain]++ == 0) {
          domains++;
        }
      }
    }
    atSmallest = 0;
    builtAt = snapshot.rulesVersion();
  }

  private void findSmallest() {
    smallest = Integer.MAX_VALUE;
    for (int d = 0; d < counts.length; d++) {
      if (nodes[d] > 0 && counts[d] <= smallest) {
        atSmallest = counts[d] == smallest ? atSmallest + 1 : 1;
        smallest = counts[d];
      }
    }
  }

  @Override
  public void close() {
    pods.detach(this);
  }

  @Override
  public String toString() {
    return topology.key() + Arrays.toString(counts);
  }
}
