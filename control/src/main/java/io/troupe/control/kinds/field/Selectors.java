package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Label selectors as values in objects: validation, matching and how they are shown. */
public final class Selectors {
  private Selectors() {}

  /** A {@code metav1.LabelSelector}. */
  public static void check(At selector) {
    MetadataCheck.labels(
        selector.node().get("matchLabels"), selector.at("matchLabels"), selector.errors());
    selector.each("matchExpressions", Selectors::requirement);
  }

  private static void requirement(At requirement) {
    boolean values = !requirement.lacks("values");
    switch (requirement.text("operator")) {
      case "In", "NotIn" -> {
        if (!values) {
          requirement
              .errors()
              .required(
                  requirement.at("values"), "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (values) {
          requirement.forbidden(
              "values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      default -> requirement.invalid("operator", "not a valid selector operator");
    }
    requirement.child("key").follows(Names::qualifiedName);
    requirement.each("values", v -> v.follows(Names::labelValue));
  }

  /** Whether the selector selects everything. */
  public static boolean isEmpty(JsonNode selector) {
    return Json.at(selector, "matchLabels").isEmpty()
        && Json.at(selector, "matchExpressions").isEmpty();
  }

  /** Whether the selector selects the labels; an absent one selects nothing. */
  public static boolean matches(JsonNode selector, Map<String, String> labels) {
    if (selector == null || !selector.isObject()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> wanted : selector.path("matchLabels").properties()) {
      if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (JsonNode requirement : Json.items(selector, "matchExpressions")) {
      String value = labels.get(Json.text(requirement, "key"));
      List<String> values =
          Json.items(requirement, "values").stream().map(JsonNode::asText).toList();
      boolean matched =
          switch (Json.text(requirement, "operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            default -> value == null;
          };
      if (!matched) {
        return false;
      }
    }
    return true;
  }

  /** As tables show a selector: {@code a=b,c in (d,e)}, {@code <none>} when empty. */
  public static String shown(JsonNode selector) {
    if (isEmpty(selector)) {
      return "<none>";
    }
    Map<String, String> parts = new TreeMap<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(e -> parts.put(e.getKey(), e.getKey() + "=" + e.getValue().asText()));
    for (JsonNode requirement : Json.items(selector, "matchExpressions")) {
      String key = Json.text(requirement, "key");
      parts.merge(key, shownRequirement(requirement, key), (a, b) -> a + "," + b);
    }
    return String.join(",", parts.values());
  }

  private static String shownRequirement(JsonNode requirement, String key) {
    List<String> values =
        Json.items(requirement, "values").stream().map(JsonNode::asText).sorted().toList();
    return switch (Json.text(requirement, "operator")) {
      case "In" -> key + " in (" + String.join(",", values) + ")";
      case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
      case "Exists" -> key;
      default -> "!" + key;
    };
  }

  /** As tables show labels: {@code a=b,c=d}, {@code <none>} when empty. */
  public static String shownLabels(JsonNode labels) {
    if (Same.isEmpty(labels)) {
      return "<none>";
    }
    Map<String, String> sorted = new TreeMap<>();
    labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
    return String.join(
        ",", sorted.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }
}
