package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.strategy.Facts;
import java.util.List;
import java.util.Map;

/** What a new pod gets that no client sends: its first status, and selectors from label keys. */
final class PodPreparation {
  private PodPreparation() {}

  static void create(ObjectNode pod, Facts facts) {
    ObjectNode spec = Json.ensure(pod, "spec");
    labelKeys(spec, Meta.labels(pod));
    ObjectNode status = pod.putObject("status");
    status.put("phase", "Pending");
    if (!Json.items(spec, "schedulingGates").isEmpty()) {
      ObjectNode condition = status.putArray("conditions").addObject();
      condition.put("type", "PodScheduled").put("status", "False");
      condition.putNull("lastProbeTime").put("lastTransitionTime", facts.now());
      condition.put("reason", "SchedulingGated");
      condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
    }
    status.put("qosClass", Qos.of(spec));
  }

  /** Clients that do not know a field of the status must not take it away. */
  static void status(ObjectNode pod, ObjectNode old, Facts facts) {
    ObjectNode status = Json.ensure(pod, "status");
    for (String field :
        List.of(
            "qosClass",
            "resourceClaimStatuses",
            "extendedResourceClaimStatus",
            "nodeAllocatableResourceClaimStatuses",
            "observedGeneration")) {
      JsonNode held = Json.at(old, "status", field);
      if (!status.has(field) && !held.isMissingNode()) {
        status.set(field, held);
      }
    }
  }

  /** Turns matchLabelKeys into selector requirements with the pod's own values (KEP-3633). */
  private static void labelKeys(ObjectNode spec, Map<String, String> labels) {
    Fill.ifObject(
        spec,
        "affinity",
        affinity -> {
          for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            Fill.ifObject(
                affinity,
                kind,
                terms -> {
                  Fill.each(
                      terms,
                      "requiredDuringSchedulingIgnoredDuringExecution",
                      t -> term(t, labels));
                  Fill.each(
                      terms,
                      "preferredDuringSchedulingIgnoredDuringExecution",
                      w -> Fill.ifObject(w, "podAffinityTerm", t -> term(t, labels)));
                });
          }
        });
    Fill.each(spec, "topologySpreadConstraints", t -> term(t, labels));
  }

  private static void term(ObjectNode term, Map<String, String> labels) {
    if (!(term.get("labelSelector") instanceof ObjectNode selector)) {
      return;
    }
    require(term, "matchLabelKeys", "In", selector, labels);
    require(term, "mismatchLabelKeys", "NotIn", selector, labels);
  }

  private static void require(
      ObjectNode term,
      String field,
      String operator,
      ObjectNode selector,
      Map<String, String> labels) {
    for (JsonNode key : Json.items(term, field)) {
      String value = labels.get(key.asText());
      if (value != null) {
        Fill.list(selector, "matchExpressions")
            .addObject()
            .put("key", key.asText())
            .put("operator", operator)
            .putArray("values")
            .add(value);
      }
    }
  }
}
