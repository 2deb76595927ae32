package io.troupe.control.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Whether one more node of a zone may begin to lose its pods now: when most nodes seem down, it is
 * likelier that the view is wrong than that they are.
 */
final class EvictionPace {
  private static final int LARGE_ZONE = 50;
  private static final double UNHEALTHY_PART = 0.55;

  private enum ZoneState {
    NORMAL,
    PARTIAL_DISRUPTION,
    FULL_DISRUPTION
  }

  private final Collection<ObjectNode> nodes;
  private final NodeTimes times;

  EvictionPace(Collection<ObjectNode> nodes, NodeTimes times) {
    this.nodes = nodes;
    this.times = times;
  }

  /** No node anywhere is ready: then none is to blame, and nothing is evicted. */
  boolean isAllDisrupted() {
    return counted(nodes).stream().noneMatch(EvictionPace::isReady);
  }

  /** How long the node has to wait; zero for now, null for as long as the zone is as it is. */
  Duration untilAllowed(JsonNode node, Instant now) {
    List<ObjectNode> zone = nodes.stream().filter(n -> zone(n).equals(zone(node))).toList();
    Duration interval =
        switch (state(zone)) {
          case NORMAL, FULL_DISRUPTION -> times.evictionInterval();
          case PARTIAL_DISRUPTION -> zone.size() > LARGE_ZONE ? times.slowEvictionInterval() : null;
        };
    if (interval == null) {
      return null;
    }
    Instant last =
        zone.stream()
            .flatMap(n -> Taints.noExecute(n).stream())
            .filter(t -> isOurs(Json.text(t, "key")))
            .map(t -> Times.at(t, "timeAdded").orElse(null))
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    Duration wait =
        last.equals(Instant.MIN) ? Duration.ZERO : Duration.between(now, last.plus(interval));
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static boolean isOurs(String key) {
    return key.equals(Taints.NOT_READY) || key.equals(Taints.UNREACHABLE);
  }

  private static ZoneState state(Collection<ObjectNode> zone) {
    List<ObjectNode> counted = counted(zone);
    long ready = counted.stream().filter(EvictionPace::isReady).count();
    long notReady = counted.size() - ready;
    if (ready == 0 && notReady > 0) {
      return ZoneState.FULL_DISRUPTION;
    }
    return notReady > 2 && (double) notReady / counted.size() >= UNHEALTHY_PART
        ? ZoneState.PARTIAL_DISRUPTION
        : ZoneState.NORMAL;
  }

  private static List<ObjectNode> counted(Collection<ObjectNode> nodes) {
    return nodes.stream()
        .filter(n -> !Meta.labels(n).containsKey("node.kubernetes.io/exclude-disruption"))
        .toList();
  }

  private static boolean isReady(JsonNode node) {
    return Taints.ready(node).equals("True");
  }

  private static String zone(JsonNode node) {
    var labels = Meta.labels(node);
    return labels.getOrDefault("topology.kubernetes.io/region", "")
        + "|"
        + labels.getOrDefault("topology.kubernetes.io/zone", "");
  }
}
