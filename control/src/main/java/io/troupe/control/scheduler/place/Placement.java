package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.snapshot.Volumes;
import java.util.List;
import java.util.Map;

/** Where a pod goes, or why it goes nowhere. */
public sealed interface Placement {

  /**
   * A node for the pod.
   *
   * @param evaluated nodes that were looked at
   * @param feasible nodes that would have done
   * @param volumes what its volumes need before it can run there
   */
  record Placed(String node, int evaluated, int feasible, VolumeWork volumes)
      implements Placement {}

  record NoFit(Diagnosis diagnosis) implements Placement {}

  /**
   * Claims to be served for one pod on one node.
   *
   * @param reserve existing volumes by claim
   * @param provision claims for which a volume must be made
   */
  record VolumeWork(Map<Volumes.Claim, Volumes.Volume> reserve, List<Volumes.Claim> provision) {
    public static final VolumeWork NONE = new VolumeWork(Map.of(), List.of());

    public boolean isNothing() {
      return reserve.isEmpty() && provision.isEmpty();
    }
  }
}
