package io.troupe.control.controllers.runtime;

import io.troupe.api.object.Meta;
import io.troupe.control.controllers.Write.EmitEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps events few, by the limits of client-go's recorder: the same event is counted up, more than
 * ten that differ only in their message within ten minutes become one, and an object's events pass
 * at 25 at once and one per five minutes after. Not thread-safe.
 */
final class EventCorrelator {
  private static final int REMEMBERED = 4_096;
  private static final int SIMILAR_AT_MOST = 10;
  private static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);
  private static final double BURST = 25;
  private static final double REFILL_SECONDS = 300;

  /** How to write an event: under which name, with which count; created when the count is 1. */
  record Correlated(String name, String message, int count, Instant first, Instant last) {}

  private record Similar(Set<String> messages, Instant last) {}

  private record Bucket(double tokens, Instant at) {}

  private final Map<String, Similar> similar = remembering();
  private final Map<String, Correlated> written = remembering();
  private final Map<String, Bucket> buckets = remembering();
  private long last;

  /** Empty when the event is one too many. */
  Optional<Correlated> correlate(String component, EmitEvent event, Instant now) {
    String object =
        component
            + "|"
            + event.type().type()
            + "|"
            + Meta.namespace(event.about())
            + "|"
            + Meta.name(event.about())
            + "|"
            + Meta.uid(event.about());
    if (!pass(object, now)) {
      return Optional.empty();
    }
    String group = object + "|" + event.severity() + "|" + event.reason();
    boolean combined = addSimilar(group, event.message(), now) > SIMILAR_AT_MOST;
    String key = combined ? group : group + "|" + event.message();
    String message =
        combined ? "(combined from similar events): " + event.message() : event.message();
    Correlated before = written.get(key);
    Correlated next =
        before == null
            ? new Correlated(nameOf(event, now), message, 1, now, now)
            : new Correlated(before.name, message, before.count + 1, before.first, now);
    written.put(key, next);
    return Optional.of(next);
  }

  private int addSimilar(String group, String message, Instant now) {
    Similar before = similar.get(group);
    boolean recent =
        before != null && Duration.between(before.last, now).compareTo(SIMILAR_WITHIN) <= 0;
    Set<String> messages = recent ? before.messages : new HashSet<>();
    if (messages.size() <= SIMILAR_AT_MOST) {
      messages.add(message);
    }
    similar.put(group, new Similar(messages, now));
    return messages.size();
  }

  private boolean pass(String object, Instant now) {
    Bucket before = buckets.getOrDefault(object, new Bucket(BURST, now));
    double gained = Duration.between(before.at, now).toMillis() / 1000.0 / REFILL_SECONDS;
    double tokens = Math.min(BURST, before.tokens + gained);
    buckets.put(object, new Bucket(tokens >= 1 ? tokens - 1 : tokens, now));
    return tokens >= 1;
  }

  private String nameOf(EmitEvent event, Instant now) {
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    last = Math.max(last + 1, nanos);
    return Meta.name(event.about()) + "." + Long.toHexString(last);
  }

  private static <V> Map<String, V> remembering() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }
}
