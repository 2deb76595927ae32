package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;
import java.util.Map;

/**
 * One term of node affinity, with a weight where it is preferred.
 *
 * @param fields on {@code metadata.name}
 */
public record NodeTerm(List<Requirement> labels, List<Requirement> fields, int weight) {

  static NodeTerm of(JsonNode term, int weight) {
    List<Requirement> labels =
        Json.items(term, "matchExpressions").stream().map(Requirement::of).toList();
    List<Requirement> fields =
        Json.items(term, "matchFields").stream().map(Requirement::of).toList();
    return new NodeTerm(labels, fields, weight);
  }

  /** An empty term matches no node. */
  public boolean matches(NodeSpec node) {
    if (labels.isEmpty() && fields.isEmpty()) {
      return false;
    }
    return labels.stream().allMatch(r -> r.matches(node.labels()))
        && fields.stream().allMatch(r -> r.matches(Map.of("metadata.name", node.name())));
  }

  static List<NodeTerm> required(JsonNode selector) {
    return Json.items(selector, "nodeSelectorTerms").stream().map(t -> of(t, 0)).toList();
  }

  static List<NodeTerm> preferred(JsonNode terms) {
    List<NodeTerm> preferred = new java.util.ArrayList<>();
    for (JsonNode term : terms) {
      int weight = (int) Json.number(term, 0, "weight");
      if (weight != 0) {
        preferred.add(of(Json.at(term, "preference"), weight));
      }
    }
    return preferred;
  }
}
