package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.selector.LabelSelector;

/**
 * Required anti-affinity within one node, in claims: two schedulers that place two such pods at
 * once meet at the node. Terms that select namespaces by their labels are left to the schedulers,
 * unless they select all.
 */
final class Apart {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private Apart() {}

  /** Adds the pod's labels and terms to its claim. */
  static void describe(JsonNode pod, ObjectNode claim) {
    JsonNode labels = Json.at(pod, "metadata", "labels");
    if (!labels.isEmpty()) {
      claim.set("labels", labels);
    }
    JsonNode terms =
        Json.at(
            pod,
            "spec",
            "affinity",
            "podAntiAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution");
    for (JsonNode term : terms) {
      JsonNode byLabel = Json.at(term, "namespaceSelector");
      boolean isAll = byLabel.isObject() && byLabel.isEmpty();
      if (Json.text(term, "topologyKey").equals(HOSTNAME)
          && (isAll || byLabel.isMissingNode())
          && term.path("labelSelector").isObject()) {
        ObjectNode kept = claim.withArray("apart").addObject();
        kept.set("selector", selector(term, labels));
        kept.put("allNamespaces", isAll);
        ArrayNode namespaces = kept.putArray("namespaces");
        Json.items(term, "namespaces").forEach(namespaces::add);
        if (namespaces.isEmpty()) {
          namespaces.add(Meta.namespace(pod));
        }
      }
    }
  }

  /** The selector with the pod's own values of its match label keys (KEP-3633). */
  private static ObjectNode selector(JsonNode term, JsonNode labels) {
    ObjectNode selector = term.get("labelSelector").deepCopy();
    narrow(term, labels, "matchLabelKeys", "In", selector);
    narrow(term, labels, "mismatchLabelKeys", "NotIn", selector);
    return selector;
  }

  private static void narrow(
      JsonNode term, JsonNode labels, String field, String operator, ObjectNode selector) {
    for (JsonNode key : Json.items(term, field)) {
      JsonNode value = labels.get(key.asText());
      if (value != null) {
        ObjectNode expression = selector.withArray("matchExpressions").addObject();
        expression.put("key", key.asText()).put("operator", operator);
        expression.putArray("values").add(value);
      }
    }
  }

  /** Whether the first claim's pod must not share a node with the second's. */
  static boolean mustBe(ObjectNode claim, ObjectNode other) {
    for (JsonNode term : Json.items(claim, "apart")) {
      String namespace = Json.text(other, "namespace");
      boolean isMeant =
          Json.flag(term, false, "allNamespaces")
              || Json.items(term, "namespaces").stream()
                  .anyMatch(n -> n.asText().equals(namespace));
      if (isMeant
          && LabelSelector.of(term.get("selector")).matches(Meta.texts(Json.at(other, "labels")))) {
        return true;
      }
    }
    return false;
  }
}
