package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pods to delete first when there are too many: unassigned, pending, not ready, of low
 * deletion cost, on nodes with many siblings, ready for a short time, often restarted, young.
 */
final class PodRanking {
  static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

  private PodRanking() {}

  /** The first {@code count} pods to delete; related are all pods of the same owner's sets. */
  static List<ObjectNode> toDelete(
      Collection<ObjectNode> pods, Collection<ObjectNode> related, int count, Instant now) {
    if (count >= pods.size()) {
      return List.copyOf(pods);
    }
    return pods.stream().sorted(order(related, now)).limit(count).toList();
  }

  private static Comparator<JsonNode> order(Collection<ObjectNode> related, Instant now) {
    Map<String, Integer> onNode = new HashMap<>();
    related.stream()
        .filter(Pods::isActive)
        .forEach(pod -> onNode.merge(Pods.nodeName(pod), 1, Integer::sum));
    Comparator<JsonNode> order = Comparator.comparing(pod -> !Pods.nodeName(pod).isEmpty());
    return order
        .thenComparingInt(PodRanking::phaseRank)
        .thenComparing(Pods::isReady)
        .thenComparingInt(PodRanking::deletionCost)
        .thenComparing(
            Comparator.comparingInt((JsonNode pod) -> onNode.getOrDefault(Pods.nodeName(pod), 0))
                .reversed())
        .thenComparingInt(pod -> Pods.isReady(pod) ? ageRank(Pods.readySince(pod), now) : 0)
        .thenComparing(Comparator.comparingInt(PodRanking::restarts).reversed())
        .thenComparingInt(pod -> ageRank(Times.created(pod), now))
        .thenComparing(Meta::uid);
  }

  private static int phaseRank(JsonNode pod) {
    return switch (Pods.phase(pod)) {
      case "Running" -> 2;
      case "Unknown" -> 1;
      default -> 0;
    };
  }

  private static int deletionCost(JsonNode pod) {
    try {
      return Integer.parseInt(Meta.annotations(pod).getOrDefault(DELETION_COST, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Ages count by their order of magnitude, so that about equal ones are as good as drawn by lot.
   */
  private static int ageRank(Optional<Instant> since, Instant now) {
    if (since.isEmpty()) {
      return 0;
    }
    long nanos = Math.max(1, Duration.between(since.get(), now).toNanos());
    return 1 + 63 - Long.numberOfLeadingZeros(nanos);
  }

  private static int restarts(JsonNode pod) {
    int most = 0;
    for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
      most = Math.max(most, (int) Json.number(container, 0, "restartCount"));
    }
    return most;
  }
}
