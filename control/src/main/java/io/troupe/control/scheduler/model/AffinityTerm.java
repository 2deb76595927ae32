package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One term of pod affinity or anti-affinity, with a weight where it is preferred.
 *
 * @param namespaces by name
 * @param namespaceSelector by label, in addition
 */
public record AffinityTerm(
    Set<String> namespaces,
    Selector namespaceSelector,
    Selector selector,
    String topologyKey,
    int weight) {

  static AffinityTerm of(JsonNode term, int weight, String namespace, Map<String, String> labels) {
    Set<String> namespaces =
        Set.copyOf(
            Json.items(term, "namespaces").stream().map(JsonNode::asText).distinct().toList());
    JsonNode byLabel = Json.at(term, "namespaceSelector");
    if (namespaces.isEmpty() && !byLabel.isObject()) {
      namespaces = Set.of(namespace);
    }
    Selector selector = Selector.of(Json.at(term, "labelSelector"));
    return new AffinityTerm(
        namespaces,
        Selector.of(byLabel),
        selector
            .and(matching(term, "matchLabelKeys", labels, Requirement.Operator.IN))
            .and(matching(term, "mismatchLabelKeys", labels, Requirement.Operator.NOT_IN)),
        Json.text(term, "topologyKey"),
        weight);
  }

  /** KEP-3633: the pod's own values of some labels become requirements. */
  static List<Requirement> matching(
      JsonNode term, String field, Map<String, String> labels, Requirement.Operator operator) {
    List<Requirement> requirements = new ArrayList<>();
    for (JsonNode key : Json.items(term, field)) {
      String value = labels.get(key.asText());
      if (value != null) {
        requirements.add(new Requirement(key.asText(), operator, Set.of(value)));
      }
    }
    return requirements;
  }

  static List<AffinityTerm> required(
      JsonNode affinity, String namespace, Map<String, String> labels) {
    return Json.items(affinity, "requiredDuringSchedulingIgnoredDuringExecution").stream()
        .map(t -> of(t, 0, namespace, labels))
        .toList();
  }

  static List<AffinityTerm> preferred(
      JsonNode affinity, String namespace, Map<String, String> labels) {
    return Json.items(affinity, "preferredDuringSchedulingIgnoredDuringExecution").stream()
        .map(
            t ->
                of(
                    Json.at(t, "podAffinityTerm"),
                    (int) Json.number(t, 0, "weight"),
                    namespace,
                    labels))
        .toList();
  }

  /** Whether a pod with these labels, in a namespace with those, is meant. */
  public boolean matches(
      String namespace, Map<String, String> namespaceLabels, Map<String, String> labels) {
    return (namespaces.contains(namespace) || namespaceSelector.matches(namespaceLabels))
        && selector.matches(labels);
  }
}
