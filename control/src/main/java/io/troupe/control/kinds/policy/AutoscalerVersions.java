package io.troupe.control.kinds.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.nio.charset.StandardCharsets;

/**
 * Autoscalers between autoscaling/v1, which knows only CPU utilisation, and v2. What v1 cannot say
 * travels in annotations, so that a v1 client does not lose it.
 */
public final class AutoscalerVersions {
  private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
  private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
  private static final String CPU = "targetCPUUtilizationPercentage";

  private AutoscalerVersions() {}

  public static ObjectNode convert(ObjectNode autoscaler, String target) {
    ObjectNode converted = autoscaler.deepCopy().put("apiVersion", target);
    ObjectNode spec = Json.ensure(converted, "spec");
    if (target.equals("autoscaling/v1")) {
      toV1(converted, spec);
    } else {
      toV2(converted, spec);
    }
    return converted;
  }

  private static void toV1(ObjectNode autoscaler, ObjectNode spec) {
    ArrayNode others = Json.array();
    for (JsonNode metric : Json.items(spec, "metrics")) {
      JsonNode utilization = Json.at(metric, "resource", "target", "averageUtilization");
      if (Json.text(metric, "resource", "name").equals("cpu")
          && utilization.isNumber()
          && !spec.has(CPU)) {
        spec.set(CPU, utilization);
      } else {
        others.add(metric);
      }
    }
    spec.remove("metrics");
    if (!others.isEmpty()) {
      annotate(autoscaler, METRICS, others);
    }
    JsonNode behavior = spec.remove("behavior");
    if (behavior != null) {
      annotate(autoscaler, BEHAVIOR, behavior);
    }
    if (autoscaler.get("status") instanceof ObjectNode status) {
      for (JsonNode metric : Json.items(status, "currentMetrics")) {
        JsonNode used = Json.at(metric, "resource", "current", "averageUtilization");
        if (Json.text(metric, "resource", "name").equals("cpu") && used.isNumber()) {
          status.set("currentCPUUtilizationPercentage", used);
        }
      }
      status.remove("currentMetrics");
      status.remove("conditions");
    }
  }

  private static void annotate(ObjectNode autoscaler, String key, JsonNode value) {
    Json.ensure(autoscaler, "metadata", "annotations")
        .put(key, new String(Json.bytes(value), StandardCharsets.UTF_8));
  }

  private static void toV2(ObjectNode autoscaler, ObjectNode spec) {
    JsonNode cpu = spec.remove(CPU);
    ArrayNode metrics = Json.array();
    if (autoscaler.path("metadata").get("annotations") instanceof ObjectNode annotations) {
      JsonNode others = parsed(annotations.remove(METRICS));
      others.forEach(metrics::add);
      JsonNode behavior = parsed(annotations.remove(BEHAVIOR));
      if (behavior.isObject()) {
        spec.set("behavior", behavior);
      }
    }
    if (cpu != null && cpu.isNumber()) {
      ObjectNode resource = metrics.addObject().put("type", "Resource").putObject("resource");
      resource.put("name", "cpu").putObject("target").put("type", "Utilization");
      ((ObjectNode) resource.get("target")).set("averageUtilization", cpu);
    }
    if (!metrics.isEmpty()) {
      spec.set("metrics", metrics);
    }
    if (autoscaler.get("status") instanceof ObjectNode status) {
      status.remove("currentCPUUtilizationPercentage");
    }
  }

  private static JsonNode parsed(JsonNode text) {
    try {
      return text == null ? Json.array() : Json.MAPPER.readTree(text.asText());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return Json.array();
    }
  }
}
