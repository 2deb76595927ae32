package io.troupe.node.kubelet.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Delays that double with each failure, by key: 10 s up to 5 min, forgotten after twice the maximum
 * without failure. An immutable value.
 */
public record Backoffs(Map<String, Entry> entries) {
  public static final Backoffs NONE = new Backoffs(Map.of());
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration MAX = Duration.ofMinutes(5);

  /** The delay that holds, and when it was set. */
  public record Entry(Duration delay, Instant since) {}

  public Backoffs {
    entries = Map.copyOf(entries);
  }

  /** The delay after an event at the time, if it is not over yet. */
  public Optional<Entry> holding(String key, Instant event, Instant now) {
    Entry entry = entries.get(key);
    boolean holds =
        entry != null && !expired(entry, event) && now.isBefore(event.plus(entry.delay()));
    return holds ? Optional.of(entry) : Optional.empty();
  }

  private static boolean expired(Entry entry, Instant event) {
    return Duration.between(entry.since(), event).compareTo(MAX.multipliedBy(2)) > 0;
  }

  /** With the next delay for the key. */
  public Backoffs next(String key, Instant event, Instant now) {
    Entry entry = entries.get(key);
    Duration delay = entry == null || expired(entry, event) ? FIRST : entry.delay().multipliedBy(2);
    Map<String, Entry> changed = new HashMap<>(entries);
    changed.put(key, new Entry(delay.compareTo(MAX) > 0 ? MAX : delay, now));
    return new Backoffs(changed);
  }

  /** As Go prints durations: {@code 10s}, {@code 1m20s}. */
  public static String text(Duration duration) {
    long minutes = duration.toMinutes();
    return (minutes > 0 ? minutes + "m" : "") + duration.toSecondsPart() + "s";
  }
}
