package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.snapshot.PodCounter;
import java.util.List;

/** Pods that are imagined on, or away from, the node that is looked at. */
record Trial(List<PodInfo> added, List<PodInfo> removed) {
  static final Trial NONE = new Trial(List.of(), List.of());

  /** What a counter would count more (or less) on the node. */
  int delta(PodCounter counter) {
    if (added.isEmpty() && removed.isEmpty()) {
      return 0;
    }
    int more = (int) added.stream().filter(counter::counts).count();
    int less = (int) removed.stream().filter(counter::counts).count();
    return more - less;
  }
}
