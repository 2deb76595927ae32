package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.allocation.Amount;
import io.troupe.control.allocation.Demand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node as it declares itself.
 *
 * @param pods how many it takes
 * @param imageBytes size of each image that it has, by every name
 */
public record NodeSpec(
    String name,
    Map<String, String> labels,
    List<Taint> taints,
    boolean isUnschedulable,
    Demand allocatable,
    long pods,
    Map<String, Long> imageBytes) {

  public static NodeSpec of(JsonNode node) {
    JsonNode allocatable = Json.at(node, "status", "allocatable");
    return new NodeSpec(
        Meta.name(node),
        Map.copyOf(Meta.labels(node)),
        Json.items(node, "spec", "taints").stream().map(Taint::of).toList(),
        Json.flag(node, false, "spec", "unschedulable"),
        Demand.of(allocatable),
        Amount.whole(allocatable.get("pods")),
        images(node));
  }

  private static Map<String, Long> images(JsonNode node) {
    Map<String, Long> images = new HashMap<>();
    for (JsonNode image : Json.items(node, "status", "images")) {
      long bytes = Json.number(image, 0, "sizeBytes");
      Json.items(image, "names").forEach(name -> images.put(name.asText(), bytes));
    }
    return images;
  }

  /** Whether the rules about where pods may run see both alike. */
  public boolean hasSameRules(NodeSpec other) {
    return labels.equals(other.labels)
        && taints.equals(other.taints)
        && isUnschedulable == other.isUnschedulable
        && imageBytes.equals(other.imageBytes);
  }
}
