package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.Selector;
import io.troupe.control.scheduler.model.SpreadConstraint;
import io.troupe.control.scheduler.snapshot.DomainCounter;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;
import io.troupe.control.scheduler.snapshot.Topology;
import java.util.ArrayList;
import java.util.List;

/** A shape's topology spread constraints, counted (PodTopologySpread). */
final class SpreadPlan implements AutoCloseable {
  private static final String MISMATCH = "node(s) didn't match pod topology spread constraints";
  private static final Rejection UNLABELLED =
      Rejection.of(Plugin.POD_TOPOLOGY_SPREAD, MISMATCH + " (missing required label)");
  private static final Rejection SKEWED =
      Rejection.resolvable(Plugin.POD_TOPOLOGY_SPREAD, MISMATCH);

  /** A constraint with its counts; isSelf: the pod itself will count. */
  record Counted(SpreadConstraint constraint, DomainCounter counter, boolean isSelf) {}

  private final List<Counted> hard = new ArrayList<>(1);
  private final List<Counted> soft = new ArrayList<>(2);
  private final boolean requiresAllLabels;

  SpreadPlan(Snapshot snapshot, PodShape shape) {
    requiresAllLabels = !shape.spread().isEmpty();
    List<SpreadConstraint> constraints =
        requiresAllLabels ? shape.spread() : defaults(snapshot, shape);
    List<String> hardKeys = keys(constraints, true);
    List<String> softKeys = requiresAllLabels ? keys(constraints, false) : List.of();
    for (SpreadConstraint constraint : constraints) {
      List<String> keys = constraint.isHard() ? hardKeys : softKeys;
      DomainCounter counter =
          snapshot.count(
              shape.namespace(),
              constraint.selector().isEverything() ? Selector.NOTHING : constraint.selector(),
              constraint.topologyKey(),
              node -> isEligible(shape, constraint, keys, node));
      boolean isSelf = constraint.selector().matches(shape.labels());
      (constraint.isHard() ? hard : soft).add(new Counted(constraint, counter, isSelf));
    }
  }

  /** Upstream's system defaults: spread over hosts and zones what belongs together. */
  private static List<SpreadConstraint> defaults(Snapshot snapshot, PodShape shape) {
    Selector selector = snapshot.workloads().selectorOf(shape);
    return selector.isEverything()
        ? List.of()
        : List.of(
            SpreadConstraint.preferred(3, Topology.HOSTNAME, selector),
            SpreadConstraint.preferred(5, Topology.ZONE, selector));
  }

  private static List<String> keys(List<SpreadConstraint> constraints, boolean isHard) {
    return constraints.stream()
        .filter(c -> c.isHard() == isHard)
        .map(SpreadConstraint::topologyKey)
        .toList();
  }

  private static boolean isEligible(
      PodShape shape, SpreadConstraint constraint, List<String> keys, NodeInfo node) {
    return node.spec().labels().keySet().containsAll(keys)
        && (!constraint.honorsAffinity() || shape.nodes().matches(node.spec()))
        && (!constraint.honorsTaints() || shape.toleratesHardTaintsOf(node.spec()));
  }

  List<Counted> soft() {
    return soft;
  }

  /** Whether nodes without all of the topology labels are left out of scoring. */
  boolean requiresAllLabels() {
    return requiresAllLabels;
  }

  /** Null when the pod may be added to the node's domains. */
  Rejection check(NodeInfo node, Trial trial) {
    for (Counted counted : hard) {
      DomainCounter counter = counted.counter();
      int domain = counter.domain(node);
      if (domain == Topology.NONE) {
        return UNLABELLED;
      }
      int delta = counter.isEligible(node) ? trial.delta(counter.pods()) : 0;
      long least = delta == 0 ? counter.smallest() : counter.smallestWith(domain, delta);
      if (counter.domains() < counted.constraint().minDomains()) {
        least = 0;
      }
      long skew = (long) counter.count(domain) + delta + (counted.isSelf() ? 1 : 0) - least;
      if (skew > counted.constraint().maxSkew()) {
        return SKEWED;
      }
    }
    return null;
  }

  @Override
  public void close() {
    hard.forEach(c -> c.counter().close());
    soft.forEach(c -> c.counter().close());
  }
}
