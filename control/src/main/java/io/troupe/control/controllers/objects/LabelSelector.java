package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which labels are meant. An absent {@code metav1.LabelSelector} matches nothing, an empty one
 * everything.
 */
@FunctionalInterface
public interface LabelSelector extends Predicate<Map<String, String>> {
  LabelSelector NOTHING = labels -> false;

  /** Whether an object's labels match. */
  default boolean matches(JsonNode object) {
    return test(Meta.labels(object));
  }

  /** A {@code metav1.LabelSelector}: matchLabels and matchExpressions. */
  static LabelSelector of(JsonNode selector) {
    if (selector == null || !selector.isObject()) {
      return NOTHING;
    }
    List<Predicate<Map<String, String>>> parts = new ArrayList<>();
    Meta.texts(Json.at(selector, "matchLabels"))
        .forEach((key, value) -> parts.add(labels -> value.equals(labels.get(key))));
    Json.items(selector, "matchExpressions").forEach(e -> parts.add(expression(e)));
    return labels -> parts.stream().allMatch(part -> part.test(labels));
  }

  /** A plain map of labels, as Services and ReplicationControllers have; empty matches nothing. */
  static LabelSelector ofMap(JsonNode map) {
    Map<String, String> wanted = map == null ? Map.of() : Meta.texts(map);
    return wanted.isEmpty() ? NOTHING : labels -> labels.entrySet().containsAll(wanted.entrySet());
  }

  private static Predicate<Map<String, String>> expression(JsonNode expression) {
    String key = Json.text(expression, "key");
    Set<String> values = new HashSet<>();
    Json.items(expression, "values").forEach(v -> values.add(v.asText()));
    return switch (Json.text(expression, "operator")) {
      case "In" -> labels -> labels.containsKey(key) && values.contains(labels.get(key));
      case "NotIn" -> labels -> !labels.containsKey(key) || !values.contains(labels.get(key));
      case "Exists" -> labels -> labels.containsKey(key);
      case "DoesNotExist" -> labels -> !labels.containsKey(key);
      default -> labels -> false;
    };
  }
}
