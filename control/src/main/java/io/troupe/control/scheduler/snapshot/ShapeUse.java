package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where pods of one shape run, and who counts them. */
final class ShapeUse {
  final PodShape shape;
  final List<PodCounter> counters = new ArrayList<>(2);
  private final Map<Integer, int[]> perNode = new HashMap<>();
  private int total;

  ShapeUse(PodShape shape) {
    this.shape = shape;
  }

  /** Counts a pod in (+1) or out (-1). */
  void add(int slot, boolean isTerminating, int delta) {
    int[] counts = perNode.computeIfAbsent(slot, s -> new int[2]);
    counts[0] += delta;
    counts[1] += isTerminating ? delta : 0;
    if (counts[0] == 0) {
      perNode.remove(slot);
    }
    total += delta;
    for (PodCounter counter : counters) {
      if (!isTerminating || !counter.skipsTerminating()) {
        counter.add(slot, delta);
      }
    }
  }

  /** A new counter learns what is there. */
  void joined(PodCounter counter) {
    counters.add(counter);
    perNode.forEach(
        (slot, counts) ->
            counter.add(slot, counter.skipsTerminating() ? counts[0] - counts[1] : counts[0]));
  }

  boolean isUnused() {
    return total == 0;
  }
}
