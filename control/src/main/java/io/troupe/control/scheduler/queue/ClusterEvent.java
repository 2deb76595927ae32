package io.troupe.control.scheduler.queue;

import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;

/** Something that may let a waiting pod run. */
public sealed interface ClusterEvent {

  /** A node appeared (before is null) or declares something else. */
  record NodeChanged(NodeSpec before, NodeSpec after) implements ClusterEvent {}

  /** A pod left its node, or will. */
  record PodGone(PodInfo pod) implements ClusterEvent {}

  /** A pod came to a node, or got other labels there. */
  record PodPlaced(PodInfo pod) implements ClusterEvent {}

  /** A claim, a volume or a storage class changed. */
  record StorageChanged() implements ClusterEvent {}
}
