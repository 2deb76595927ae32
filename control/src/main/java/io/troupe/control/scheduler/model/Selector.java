package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A compiled label selector.
 *
 * @param matchesNothing for an absent selector
 * @param requirements all must hold; none of them matches everything
 */
public record Selector(boolean matchesNothing, List<Requirement> requirements) {
  public static final Selector NOTHING = new Selector(true, List.of());
  public static final Selector EVERYTHING = new Selector(false, List.of());

  /** Compiles a {@code metav1.LabelSelector}; absent means nothing, empty everything. */
  public static Selector of(JsonNode selector) {
    if (selector == null || !selector.isObject()) {
      return NOTHING;
    }
    List<Requirement> requirements = new ArrayList<>(pairs(Json.at(selector, "matchLabels")));
    Json.items(selector, "matchExpressions").forEach(e -> requirements.add(Requirement.of(e)));
    return new Selector(false, List.copyOf(requirements));
  }

  /** Compiles a map of labels, as Services and node selectors have. */
  public static Selector ofLabels(JsonNode labels) {
    return new Selector(false, pairs(labels));
  }

  private static List<Requirement> pairs(JsonNode labels) {
    return Meta.texts(labels).entrySet().stream()
        .map(e -> Requirement.equalTo(e.getKey(), e.getValue()))
        .toList();
  }

  public Selector and(List<Requirement> more) {
    if (more.isEmpty() || matchesNothing) {
      return this;
    }
    List<Requirement> all = new ArrayList<>(requirements);
    more.stream().filter(r -> !all.contains(r)).forEach(all::add);
    return new Selector(false, List.copyOf(all));
  }

  public boolean isEverything() {
    return !matchesNothing && requirements.isEmpty();
  }

  public boolean matches(Map<String, String> labels) {
    if (matchesNothing) {
      return false;
    }
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }
}
