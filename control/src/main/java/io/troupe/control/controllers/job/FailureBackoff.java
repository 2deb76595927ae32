package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How long a Job waits before it replaces failed pods: 10 s, doubling with each failure since the
 * last success, at most 10 min. Remembered between rounds; losing it only shortens a wait.
 *
 * @param seen uids of the pods that are counted in it, as long as they are listed
 */
record FailureBackoff(int failures, Instant last, Set<String> seen) {
  static final FailureBackoff NONE = new FailureBackoff(0, null, Set.of());

  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /**
   * After pods that finished and were not seen before: an ignored failure stays listed until its
   * pod is let go, which may take several rounds.
   */
  FailureBackoff after(List<ObjectNode> succeeded, List<ObjectNode> failed) {
    Set<String> listed = new HashSet<>();
    succeeded.forEach(pod -> listed.add(Meta.uid(pod)));
    failed.forEach(pod -> listed.add(Meta.uid(pod)));
    Optional<Instant> lastSuccess =
        fresh(succeeded).map(FailureBackoff::finished).max(Instant::compareTo);
    List<Instant> counted =
        fresh(failed)
            .map(FailureBackoff::finished)
            .filter(at -> lastSuccess.map(at::isAfter).orElse(true))
            .toList();
    int before = lastSuccess.isPresent() ? 0 : failures;
    Instant lastBefore = lastSuccess.isPresent() ? null : last;
    Instant latest = counted.stream().max(Instant::compareTo).orElse(lastBefore);
    return new FailureBackoff(before + counted.size(), latest, Set.copyOf(listed));
  }

  private Stream<ObjectNode> fresh(List<ObjectNode> pods) {
    return pods.stream().filter(pod -> !seen.contains(Meta.uid(pod)));
  }

  Duration remaining(Instant now) {
    return remaining(failures, last, now);
  }

  static Duration remaining(int failures, Instant last, Instant now) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    wait = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    Duration left = Duration.between(now, last.plus(wait));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** When a pod finished: its containers say, else its readiness, else its deletion. */
  static Instant finished(JsonNode pod) {
    Optional<Instant> containers = containersFinished(pod);
    return containers
        .or(
            () ->
                Conditions.find(pod, "Ready")
                    .filter(c -> Json.text(c, "status").equals("False"))
                    .flatMap(c -> Times.at(c, "lastTransitionTime")))
        .or(
            () ->
                Times.at(pod, "metadata", "deletionTimestamp")
                    .map(
                        at ->
                            at.minusSeconds(
                                Json.number(pod, 0, "metadata", "deletionGracePeriodSeconds"))))
        .or(() -> Times.created(pod))
        .orElse(Instant.EPOCH);
  }

  private static Optional<Instant> containersFinished(JsonNode pod) {
    List<JsonNode> statuses = Json.items(pod, "status", "containerStatuses");
    List<Instant> times =
        statuses.stream()
            .flatMap(c -> Times.at(c, "state", "terminated", "finishedAt").stream())
            .toList();
    return times.size() < statuses.size()
        ? Optional.empty()
        : times.stream().max(Instant::compareTo);
  }

  /** Failures of the index before this pod, as its annotations carry them. */
  static int ofIndex(JsonNode pod) {
    return annotation(pod, "batch.kubernetes.io/job-index-failure-count");
  }

  static int ignoredOfIndex(JsonNode pod) {
    return annotation(pod, "batch.kubernetes.io/job-index-ignored-failure-count");
  }

  private static int annotation(JsonNode pod, String name) {
    String text = Meta.annotations(pod).getOrDefault(name, "0");
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }
}
