package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.NodeTerm;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.Taint;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import java.util.Arrays;

/**
 * What a shape makes of each node's labels and taints, remembered until the node's rules change
 * (NodeUnschedulable, TaintToleration, NodeAffinity).
 */
final class NodeVerdicts {
  private static final Rejection UNSCHEDULABLE =
      Rejection.of(Plugin.NODE_UNSCHEDULABLE, "node(s) were unschedulable");
  private static final Rejection TAINTED =
      Rejection.of(Plugin.TAINT_TOLERATION, "node(s) had untolerated taint(s)");
  private static final Rejection MISMATCHED =
      Rejection.of(Plugin.NODE_AFFINITY, "node(s) didn't match Pod's node affinity/selector");

  private final PodShape shape;
  private Rejection[] rejections = new Rejection[0];
  private int[] softTaints = new int[0];
  private int[] preferences = new int[0];
  private long[] stamps = new long[0];

  NodeVerdicts(PodShape shape) {
    this.shape = shape;
  }

  /** Null when labels and taints allow the pod. */
  Rejection rejection(NodeInfo node) {
    int slot = node.slot();
    if (slot >= stamps.length) {
      grow(slot);
    }
    if (stamps[slot] != node.rulesStamp()) {
      look(slot, node);
    }
    return rejections[slot];
  }

  /** Soft taints that the pod would rather avoid; after {@link #rejection}. */
  int softTaints(NodeInfo node) {
    return softTaints[node.slot()];
  }

  /** Sum of the weights of preferred terms that match; after {@link #rejection}. */
  int preference(NodeInfo node) {
    return preferences[node.slot()];
  }

  private void grow(int slot) {
    int length = Math.max(slot + 1, Math.max(64, stamps.length * 2));
    rejections = Arrays.copyOf(rejections, length);
    softTaints = Arrays.copyOf(softTaints, length);
    preferences = Arrays.copyOf(preferences, length);
    stamps = Arrays.copyOf(stamps, length);
  }

  private void look(int slot, NodeInfo node) {
    NodeSpec spec = node.spec();
    rejections[slot] = judge(spec);
    softTaints[slot] = shape.untoleratedSoftTaints(spec);
    int sum = 0;
    for (NodeTerm term : shape.preferredNodes()) {
      sum += term.matches(spec) ? term.weight() : 0;
    }
    preferences[slot] = sum;
    stamps[slot] = node.rulesStamp();
  }

  private Rejection judge(NodeSpec spec) {
    if (spec.isUnschedulable() && !shape.tolerates(Taint.UNSCHEDULABLE)) {
      return UNSCHEDULABLE;
    }
    if (!shape.toleratesHardTaintsOf(spec)) {
      return TAINTED;
    }
    return shape.nodes().matches(spec) ? null : MISMATCHED;
  }
}
