package io.troupe.control.scheduler.queue;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.place.Plugin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pods that wait: ready by priority and age; backing off; parked until an event may help. Times are
 * milliseconds of one clock.
 */
public final class PodQueue {
  private static final long FIRST_BACK_OFF_MILLIS = 1_000;
  private static final long LAST_BACK_OFF_MILLIS = 10_000;
  private static final long FIRST_RETRY_MILLIS = 20;
  private static final long PARKED_AT_MOST_MILLIS = 300_000;

  private enum Place {
    READY,
    BACKING_OFF,
    PARKED,
    TAKEN
  }

  /** A waiting pod and its story. */
  private static final class Entry {
    final long number;
    final long sinceMillis;
    PodInfo pod;
    Place place = Place.READY;
    int attempts;
    int retries;
    long untilMillis;
    long parkedMillis;
    boolean isRetry;
    Set<Plugin> objections = Set.of();

    Entry(long number, long sinceMillis, PodInfo pod) {
      this.number = number;
      this.sinceMillis = sinceMillis;
      this.pod = pod;
    }
  }

  private static final Comparator<Entry> BY_PRIORITY =
      Comparator.<Entry>comparingInt(e -> e.pod.priority())
          .reversed()
          .thenComparingLong(e -> e.sinceMillis)
          .thenComparingLong(e -> e.number);

  private static final Comparator<Entry> BY_END =
      Comparator.<Entry>comparingLong(e -> e.untilMillis).thenComparingLong(e -> e.number);

  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeSet<Entry> ready = new TreeSet<>(BY_PRIORITY);
  private final TreeSet<Entry> backingOff = new TreeSet<>(BY_END);
  private long numbers;

  /** A new pod, or a changed one, which is looked at again unless only its status differs. */
  public void add(PodInfo pod, boolean isRelevant, long nowMillis) {
    Entry entry = entries.get(pod.uid());
    if (entry == null) {
      entry = new Entry(numbers++, nowMillis, pod);
      entries.put(pod.uid(), entry);
      ready.add(entry);
      return;
    }
    leave(entry);
    entry.pod = pod;
    if (isRelevant && entry.place == Place.PARKED) {
      wake(entry, nowMillis);
    } else {
      enter(entry, entry.place);
    }
  }

  public boolean contains(String uid) {
    return entries.containsKey(uid);
  }

  public void remove(String uid) {
    Entry entry = entries.remove(uid);
    if (entry != null) {
      leave(entry);
    }
  }

  /** Takes the next pod; it stays known until it is parked, retried or removed. */
  public Optional<PodInfo> take(long nowMillis) {
    settle(nowMillis);
    Entry next = ready.pollFirst();
    if (next == null) {
      next = earliestBackingOff();
    }
    if (next == null) {
      return Optional.empty();
    }
    next.place = Place.TAKEN;
    next.attempts++;
    return Optional.of(next.pod);
  }

  /** Nothing else to do: a pod may cut its back-off short, unless it waits for a retry. */
  private Entry earliestBackingOff() {
    for (Entry entry : backingOff) {
      if (!entry.isRetry) {
        backingOff.remove(entry);
        return entry;
      }
    }
    return null;
  }

  /** The pod fits nowhere: it waits for an event that helps one of these rules. */
  public void park(String uid, Set<Plugin> objections, long nowMillis) {
    Entry entry = entries.get(uid);
    if (entry != null) {
      leave(entry);
      entry.objections = objections;
      entry.isRetry = false;
      entry.retries = 0;
      entry.untilMillis = nowMillis + backOffMillis(entry.attempts);
      entry.parkedMillis = nowMillis;
      enter(entry, Place.PARKED);
    }
  }

  /** A write for the pod was refused: again soon, with what is known by then. */
  public void retry(String uid, long nowMillis) {
    Entry entry = entries.get(uid);
    if (entry != null) {
      leave(entry);
      long wait = FIRST_RETRY_MILLIS << Math.min(entry.retries++, 9);
      entry.isRetry = true;
      entry.untilMillis = nowMillis + Math.min(wait, LAST_BACK_OFF_MILLIS);
      enter(entry, Place.BACKING_OFF);
    }
  }

  static long backOffMillis(int attempts) {
    return Math.min(FIRST_BACK_OFF_MILLIS << Math.clamp(attempts - 1, 0, 10), LAST_BACK_OFF_MILLIS);
  }

  /** Wakes parked pods that the event may help. */
  public void happened(ClusterEvent event, long nowMillis) {
    if (entries.isEmpty()) {
      return;
    }
    List<Entry> woken = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.place == Place.PARKED && isHelped(entry, event)) {
        woken.add(entry);
      }
    }
    woken.forEach(e -> wake(e, nowMillis));
  }

  /** Without objections (there was no node at all) any event may help. */
  private static boolean isHelped(Entry entry, ClusterEvent event) {
    if (entry.objections.isEmpty()) {
      return true;
    }
    for (Plugin plugin : entry.objections) {
      if (QueueingHint.mayHelp(plugin, entry.pod, event)) {
        return true;
      }
    }
    return false;
  }

  private void wake(Entry entry, long nowMillis) {
    enter(entry, nowMillis < entry.untilMillis ? Place.BACKING_OFF : Place.READY);
  }

  /** Ends back-offs that are over, and parking that took too long. */
  private void settle(long nowMillis) {
    while (!backingOff.isEmpty() && backingOff.first().untilMillis <= nowMillis) {
      enter(backingOff.pollFirst(), Place.READY);
    }
  }

  /** Gives pods that were parked for minutes another chance, in case an event was missed. */
  public void flush(long nowMillis) {
    List<Entry> old =
        entries.values().stream()
            .filter(
                e -> e.place == Place.PARKED && nowMillis - e.parkedMillis > PARKED_AT_MOST_MILLIS)
            .toList();
    old.forEach(e -> wake(e, nowMillis));
  }

  /** When the next back-off ends; empty when none does. */
  public Optional<Long> nextMillis() {
    return backingOff.isEmpty() ? Optional.empty() : Optional.of(backingOff.first().untilMillis);
  }

  private void enter(Entry entry, Place place) {
    entry.place = place;
    switch (place) {
      case READY -> ready.add(entry);
      case BACKING_OFF -> backingOff.add(entry);
      case PARKED, TAKEN -> {}
    }
  }

  private void leave(Entry entry) {
    switch (entry.place) {
      case READY -> ready.remove(entry);
      case BACKING_OFF -> backingOff.remove(entry);
      case PARKED, TAKEN -> {}
    }
  }

  public int size() {
    return entries.size();
  }

  /** How many could be taken now. */
  public int readyCount() {
    return ready.size();
  }
}
