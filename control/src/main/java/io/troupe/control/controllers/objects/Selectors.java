package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.RefusedException;
import io.troupe.api.selector.LabelSelector;

/** Selectors as workloads and services mean them. */
public final class Selectors {
  private Selectors() {}

  /** A {@code metav1.LabelSelector}; one that cannot be read selects nothing. */
  public static LabelSelector of(JsonNode selector) {
    try {
      return LabelSelector.of(selector);
    } catch (RefusedException e) {
      return LabelSelector.NOTHING;
    }
  }

  /** A plain map of labels, as Services and ReplicationControllers have; empty matches nothing. */
  public static LabelSelector ofMap(JsonNode map) {
    return map == null || map.isEmpty() ? LabelSelector.NOTHING : LabelSelector.ofLabels(map);
  }
}
