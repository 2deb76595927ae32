package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;

/** Everything prepared for pods of one shape; closed when the shape is no longer placed. */
final class ShapePlan implements AutoCloseable {
  private static final Rejection NO_PORTS =
      Rejection.resolvable(
          Plugin.NODE_PORTS, "node(s) didn't have free ports for the requested pod ports");

  private final PodShape shape;
  private final NodeVerdicts verdicts;
  private final long termsVersion;
  private final long workloadsVersion;
  private final SpreadPlan spread;
  private final AffinityPlan affinity;

  private ShapePlan(Snapshot snapshot, PodShape shape, NodeVerdicts verdicts) {
    this.shape = shape;
    this.verdicts = verdicts;
    this.termsVersion = snapshot.termsVersion();
    this.workloadsVersion = snapshot.workloads().version();
    this.spread = new SpreadPlan(snapshot, shape);
    this.affinity = new AffinityPlan(snapshot, shape);
  }

  static ShapePlan of(Snapshot snapshot, PodShape shape) {
    return new ShapePlan(snapshot, shape, new NodeVerdicts(shape));
  }

  /** Itself while it is right, else a new one. */
  ShapePlan current(Snapshot snapshot) {
    if (termsVersion == snapshot.termsVersion()
        && (!shape.spread().isEmpty() || workloadsVersion == snapshot.workloads().version())) {
      return this;
    }
    ShapePlan renewed = new ShapePlan(snapshot, shape, verdicts);
    close();
    return renewed;
  }

  PodShape shape() {
    return shape;
  }

  NodeVerdicts verdicts() {
    return verdicts;
  }

  SpreadPlan spread() {
    return spread;
  }

  AffinityPlan affinity() {
    return affinity;
  }

  /** Null when the node does; volumes are judged between room and spread, as upstream orders it. */
  Rejection check(NodeInfo node, Trial trial, VolumePlan volumes) {
    Rejection rejection = verdicts.rejection(node);
    if (rejection != null) {
      return rejection;
    }
    if (!shape.ports().isEmpty() && !node.isFree(shape.ports())) {
      return NO_PORTS;
    }
    rejection = ResourceFit.check(shape.demand(), node);
    if (rejection == null) {
      rejection = volumes.check(node);
    }
    if (rejection == null) {
      rejection = spread.check(node, trial);
    }
    return rejection == null ? affinity.check(node, trial) : rejection;
  }

  @Override
  public void close() {
    spread.close();
    affinity.close();
  }
}
