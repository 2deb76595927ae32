package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives pods that are alike one shape; keeps the most recently used. For one thread. */
public final class Shapes {
  private static final int KEPT = 20_000;

  private final Map<PodShape.Key, PodShape> shapes =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PodShape.Key, PodShape> eldest) {
          return size() > KEPT;
        }
      };

  public PodShape of(JsonNode pod) {
    return shapes.computeIfAbsent(PodShape.Key.of(pod), PodShape::new);
  }
}
