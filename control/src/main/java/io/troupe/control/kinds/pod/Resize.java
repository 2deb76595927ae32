package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.SubresourceRule;
import java.util.List;
import java.util.Map;

/** {@code pods/resize}: changes the CPU and memory of running containers (KEP-1287). */
final class Resize implements SubresourceRule {

  @Override
  public ObjectNode write(ObjectNode body, ObjectNode old, Facts facts) {
    ObjectNode pod = old.deepCopy();
    for (String list : List.of("containers", "initContainers")) {
      List<JsonNode> wanted = Json.items(body, "spec", list);
      List<JsonNode> held = Json.items(pod, "spec", list);
      for (int i = 0; i < held.size() && wanted.size() == held.size(); i++) {
        for (String field : List.of("resources", "resizePolicy")) {
          put((ObjectNode) held.get(i), field, wanted.get(i).get(field));
        }
      }
    }
    JsonNode ofPod = Json.at(body, "spec", "resources");
    if (!ofPod.isMissingNode()) {
      Json.ensure(pod, "spec").set("resources", ofPod);
    }
    return pod;
  }

  private static void put(ObjectNode object, String field, JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  @Override
  public void check(ObjectNode pod, ObjectNode old, Errors errors) {
    PodSpecCheck.pod(pod, errors);
    if (!Qos.of(pod.path("spec")).equals(Json.text(old, "status", "qosClass"))) {
      errors.invalid(
          FieldPath.of("spec", "resources"),
          Qos.of(pod.path("spec")),
          "Pod QOS Class may not change as a result of resizing");
    }
    At spec = At.spec(pod, errors);
    for (String list : List.of("containers", "initContainers")) {
      List<JsonNode> held = Json.items(old, "spec", list);
      int[] position = {0};
      spec.each(list, c -> container(c, held.get(position[0]++)));
    }
  }

  private static void container(At container, JsonNode old) {
    for (String sort : List.of("limits", "requests")) {
      JsonNode now = Json.at(container.node(), "resources", sort);
      JsonNode before = Json.at(old, "resources", sort);
      for (Map.Entry<String, JsonNode> held : before.properties()) {
        boolean resizable = held.getKey().equals("cpu") || held.getKey().equals("memory");
        if (resizable && !now.has(held.getKey())) {
          container.child("resources").forbidden(sort, "resource " + sort + " cannot be removed");
        } else if (!resizable && !Same.equal(held.getValue(), now.get(held.getKey()))) {
          container.forbidden("resources", "only cpu and memory resources are mutable");
        }
      }
    }
  }
}
