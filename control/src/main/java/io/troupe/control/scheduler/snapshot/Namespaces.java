package io.troupe.control.scheduler.snapshot;

import java.util.HashMap;
import java.util.Map;

/** The labels of namespaces. */
final class Namespaces {
  private final Map<String, Map<String, String>> labels = new HashMap<>();

  Map<String, String> labels(String namespace) {
    return labels.getOrDefault(namespace, Map.of());
  }

  /** Says whether that was news. */
  boolean set(String namespace, Map<String, String> now) {
    Map<String, String> before =
        now == null ? labels.remove(namespace) : labels.put(namespace, Map.copyOf(now));
    boolean isNews = now == null ? before != null : !now.equals(before);
    return isNews;
  }
}
