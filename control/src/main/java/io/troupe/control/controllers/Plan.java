package io.troupe.control.controllers;

import java.time.Duration;
import java.util.List;

/**
 * What a round decided: writes, done in order until one is refused, and when to look again without
 * being woken by a change.
 *
 * @param again null for never
 * @param memory given to the next round of the key by this process; it must be safe to lose, since
 *     a restart or a move of the work loses it. Null to forget
 */
public record Plan(List<Write> writes, Duration again, Object memory) {
  public static final Plan NOTHING = new Plan(List.of(), null, null);

  public Plan {
    writes = List.copyOf(writes);
  }

  public static Plan of(List<Write> writes) {
    return new Plan(writes, null, null);
  }

  public static Plan of(Write... writes) {
    return new Plan(List.of(writes), null, null);
  }

  /** The same plan, looked at again after at most this time (the earlier one wins). */
  public Plan againAfter(Duration delay) {
    return delay == null || (again != null && again.compareTo(delay) <= 0)
        ? this
        : new Plan(writes, delay, memory);
  }

  public Plan remembering(Object what) {
    return new Plan(writes, again, what);
  }

  public boolean isNothing() {
    return writes.isEmpty();
  }
}
