package io.troupe.control.controllers.runtime;

import io.troupe.control.controllers.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keys that want to be reconciled, each at most once, each with the earliest time it is due. A key
 * that is being worked on is kept aside until it is done. Not thread-safe.
 */
final class WorkQueue {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(5);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1000);

  private record Entry(Key key, Instant due, long order) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = due.compareTo(other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private final Map<Key, Entry> queued = new HashMap<>();
  private final Set<Key> working = new HashSet<>();
  private final Map<Key, Instant> afterWork = new HashMap<>();
  private final Map<Key, Integer> failures = new HashMap<>();
  private long order;

  /** Wants the key at the time, or earlier if that was wanted before. */
  void add(Key key, Instant due) {
    if (working.contains(key)) {
      afterWork.merge(key, due, (a, b) -> a.isBefore(b) ? a : b);
      return;
    }
    Entry present = queued.get(key);
    if (present != null && !due.isBefore(present.due)) {
      return;
    }
    Entry entry = new Entry(key, due, order++);
    queued.put(key, entry);
    entries.add(entry);
  }

  /** Takes a key that is due; it counts as being worked on until {@link #done}. */
  Optional<Key> take(Instant now) {
    dropReplaced();
    Entry first = entries.peek();
    if (first == null || first.due.isAfter(now)) {
      return Optional.empty();
    }
    entries.remove();
    queued.remove(first.key);
    working.add(first.key);
    return Optional.of(first.key);
  }

  void done(Key key) {
    working.remove(key);
    Instant due = afterWork.remove(key);
    if (due != null) {
      add(key, due);
    }
  }

  Optional<Instant> nextDue() {
    dropReplaced();
    return Optional.ofNullable(entries.peek()).map(Entry::due);
  }

  boolean isWorkingOn(Predicate<Key> keys) {
    return working.stream().anyMatch(keys);
  }

  /** How long to wait after one more failure of the key: 5 ms, doubling, at most 1,000 s. */
  Duration nextBackoff(Key key) {
    int count = failures.merge(key, 1, Integer::sum);
    int doublings = Math.min(count - 1, 20);
    Duration backoff = FIRST_BACKOFF.multipliedBy(1L << doublings);
    return backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff : LONGEST_BACKOFF;
  }

  void forgetFailures(Key key) {
    failures.remove(key);
  }

  private void dropReplaced() {
    for (Entry first = entries.peek();
        first != null && !first.equals(queued.get(first.key));
        first = entries.peek()) {
      entries.remove();
    }
  }
}
