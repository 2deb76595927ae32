package io.troupe.control.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a quota is about an object: its scopes and its scope selector, all of which must hold.
 */
public final class Scopes {
  private Scopes() {}

  public static boolean cover(JsonNode quota, GroupResource type, JsonNode object) {
    boolean pod = type.group().isEmpty() && type.resource().equals("pods");
    boolean claim = type.group().isEmpty() && type.resource().equals("persistentvolumeclaims");
    for (JsonNode scope : Json.items(quota, "spec", "scopes")) {
      if (!(pod && holds(scope.asText(), "Exists", List.of(), object))) {
        return false;
      }
    }
    for (JsonNode part : Json.items(quota, "spec", "scopeSelector", "matchExpressions")) {
      String scope = Json.text(part, "scopeName");
      List<String> values = new ArrayList<>();
      Json.items(part, "values").forEach(value -> values.add(value.asText()));
      boolean applies = pod || (claim && scope.equals("VolumeAttributesClass"));
      if (!(applies && holds(scope, Json.text(part, "operator"), values, object))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(
      String scope, String operator, List<String> values, JsonNode object) {
    JsonNode spec = Json.at(object, "spec");
    return switch (scope) {
      case "Terminating" -> isTerminating(spec);
      case "NotTerminating" -> !isTerminating(spec);
      case "BestEffort" -> isBestEffort(object);
      case "NotBestEffort" -> !isBestEffort(object);
      case "PriorityClass" -> selects(operator, values, Json.text(spec, "priorityClassName"));
      case "VolumeAttributesClass" ->
          selects(operator, values, Json.text(spec, "volumeAttributesClassName"));
      case "CrossNamespacePodAffinity" ->
          crosses(Json.at(spec, "affinity", "podAffinity"))
              || crosses(Json.at(spec, "affinity", "podAntiAffinity"));
      default -> false;
    };
  }

  private static boolean selects(String operator, List<String> values, String value) {
    return switch (operator) {
      case "Exists" -> !value.isEmpty();
      case "DoesNotExist" -> value.isEmpty();
      case "In" -> !value.isEmpty() && values.contains(value);
      case "NotIn" -> value.isEmpty() || !values.contains(value);
      default -> false;
    };
  }

  private static boolean isTerminating(JsonNode spec) {
    return Json.number(spec, -1, "activeDeadlineSeconds") >= 0;
  }

  private static boolean isBestEffort(JsonNode pod) {
    String known = Json.text(pod, "status", "qosClass");
    if (!known.isEmpty()) {
      return known.equals("BestEffort");
    }
    return PodAmounts.of(pod, "requests").isEmpty() && PodAmounts.of(pod, "limits").isEmpty();
  }

  private static boolean crosses(JsonNode affinity) {
    List<JsonNode> terms =
        new ArrayList<>(Json.items(affinity, "requiredDuringSchedulingIgnoredDuringExecution"));
    for (JsonNode weighted :
        Json.items(affinity, "preferredDuringSchedulingIgnoredDuringExecution")) {
      terms.add(weighted.path("podAffinityTerm"));
    }
    return terms.stream()
        .anyMatch(term -> !term.path("namespaces").isEmpty() || term.has("namespaceSelector"));
  }
}
