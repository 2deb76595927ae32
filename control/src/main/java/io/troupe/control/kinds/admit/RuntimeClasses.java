package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Facts;
import java.util.Map;

/** A pod of a runtime class takes over the class's overhead and scheduling (KEP-688). */
final class RuntimeClasses {
  private static final Resource RUNTIME_CLASSES =
      new Resource("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false);

  private RuntimeClasses() {}

  static void admit(ObjectNode pod, Facts facts) {
    ObjectNode spec = Json.ensure(pod, "spec");
    String name = Json.text(spec, "runtimeClassName");
    if (name.isEmpty()) {
      if (!Same.isEmpty(spec.get("overhead"))) {
        throw Admission.forbidden(
            facts,
            "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
      }
      return;
    }
    ObjectNode runtimeClass =
        facts
            .world()
            .find(RUNTIME_CLASSES, "", name)
            .orElseThrow(
                () ->
                    Admission.forbidden(
                        facts, "pod rejected: RuntimeClass " + Errors.quote(name) + " not found"));
    overhead(spec, Json.at(runtimeClass, "overhead", "podFixed"), facts);
    scheduling(spec, Json.at(runtimeClass, "scheduling"), facts);
  }

  private static void overhead(ObjectNode spec, JsonNode overhead, Facts facts) {
    JsonNode stated = spec.get("overhead");
    if (!Same.isEmpty(stated) && !Same.equal(stated, overhead)) {
      throw Admission.forbidden(
          facts,
          Same.isEmpty(overhead)
              ? "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
              : "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    if (!Same.isEmpty(overhead)) {
      spec.set("overhead", overhead.deepCopy());
    }
  }

  private static void scheduling(ObjectNode spec, JsonNode scheduling, Facts facts) {
    for (Map.Entry<String, JsonNode> wanted : scheduling.path("nodeSelector").properties()) {
      ObjectNode selector = Fill.object(spec, "nodeSelector");
      String held = Json.text(selector, wanted.getKey());
      String value = wanted.getValue().asText();
      if (selector.has(wanted.getKey()) && !held.equals(value)) {
        throw Admission.forbidden(
            facts,
            String.format(
                "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s;"
                    + " pod.spec.nodeSelector[%s] = %s",
                wanted.getKey(), value, wanted.getKey(), held));
      }
      selector.put(wanted.getKey(), value);
    }
    for (JsonNode toleration : Json.items(scheduling, "tolerations")) {
      ArrayNode held = Fill.list(spec, "tolerations");
      boolean present = false;
      for (JsonNode other : held) {
        present |= Same.equal(other, toleration);
      }
      if (!present) {
        held.add(toleration.deepCopy());
      }
    }
  }
}
