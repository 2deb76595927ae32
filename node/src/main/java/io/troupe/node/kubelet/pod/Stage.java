package io.troupe.node.kubelet.pod;

/** Where a pod is in its life on this node. It only moves forward. */
public enum Stage {
  /** Containers are started and kept as the spec says. */
  SYNCING,
  /** Containers and sandbox are being stopped, for deletion, eviction or because they are done. */
  TERMINATING,
  /** Nothing runs; volumes and cgroups go, and then the API object if it is being deleted. */
  TERMINATED,
  /** Nothing is left to do. */
  FINISHED
}
