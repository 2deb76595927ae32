package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Amounts;
import java.util.ArrayList;
import java.util.List;

/** A pod's quality-of-service class. */
final class Qos {
  private static final String BURSTABLE = "Burstable";

  private Qos() {}

  static String of(JsonNode spec) {
    JsonNode ofPod = spec.path("resources");
    if (!Json.at(ofPod, "requests").isEmpty() || !Json.at(ofPod, "limits").isEmpty()) {
      return requirements(ofPod);
    }
    List<JsonNode> containers = new ArrayList<>(Json.items(spec, "initContainers"));
    containers.addAll(Json.items(spec, "containers"));
    String found = "";
    for (JsonNode container : containers) {
      String here = requirements(container.path("resources"));
      if (here.equals(BURSTABLE) || (!found.isEmpty() && !found.equals(here))) {
        return BURSTABLE;
      }
      found = here;
    }
    return found.isEmpty() ? "BestEffort" : found;
  }

  private static String requirements(JsonNode resources) {
    if (resources.path("requests").isEmpty() && resources.path("limits").isEmpty()) {
      return "BestEffort";
    }
    String cpu = resource(resources, "cpu");
    return cpu.equals(resource(resources, "memory")) ? cpu : BURSTABLE;
  }

  private static String resource(JsonNode resources, String name) {
    JsonNode request = resources.path("requests").get(name);
    JsonNode limit = resources.path("limits").get(name);
    if (Amounts.of(request).compareTo(Amounts.of(limit)) != 0) {
      return BURSTABLE;
    }
    return Amounts.of(request).signum() == 0 ? "BestEffort" : "Guaranteed";
  }
}
