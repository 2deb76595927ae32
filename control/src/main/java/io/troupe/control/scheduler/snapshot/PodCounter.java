package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** How many pods of some kind each node has. */
public final class PodCounter {
  private final Predicate<PodShape> kind;
  private final boolean skipsTerminating;
  private final boolean isHeld;
  private final List<DomainCounter> domains = new ArrayList<>(1);
  private int[] perNode = new int[0];
  private long total;

  /**
   * A counter.
   *
   * @param isHeld lives as long as somebody has the term that it counts, asked for or not
   */
  PodCounter(Predicate<PodShape> kind, boolean skipsTerminating, boolean isHeld) {
    this.kind = kind;
    this.skipsTerminating = skipsTerminating;
    this.isHeld = isHeld;
  }

  boolean isHeld() {
    return isHeld;
  }

  /** Whether it counts pods of this shape. */
  public boolean counts(PodShape shape) {
    return kind.test(shape);
  }

  /** Whether it counts this pod. */
  public boolean counts(PodInfo pod) {
    return (!skipsTerminating || !pod.isTerminating()) && kind.test(pod.shape());
  }

  boolean skipsTerminating() {
    return skipsTerminating;
  }

  public int on(int slot) {
    return slot < perNode.length ? perNode[slot] : 0;
  }

  /** In the whole cluster. */
  public long total() {
    return total;
  }

  void add(int slot, int delta) {
    if (delta == 0) {
      return;
    }
    if (slot >= perNode.length) {
      perNode = Arrays.copyOf(perNode, Math.max(slot + 1, perNode.length * 2));
    }
    perNode[slot] += delta;
    total += delta;
    for (DomainCounter counter : domains) {
      counter.added(slot, delta);
    }
  }

  void attach(DomainCounter counter) {
    domains.add(counter);
  }

  void detach(DomainCounter counter) {
    domains.remove(counter);
  }

  boolean isUnused() {
    return domains.isEmpty();
  }
}
