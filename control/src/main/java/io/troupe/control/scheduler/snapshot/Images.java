package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.NodeSpec;
import java.util.HashMap;
import java.util.Map;

/** On how many nodes each image is. */
public final class Images {
  private final Map<String, Integer> nodes = new HashMap<>();

  public int nodesWith(String image) {
    return nodes.getOrDefault(image, 0);
  }

  void add(NodeSpec node) {
    node.imageBytes().keySet().forEach(i -> nodes.merge(i, 1, Integer::sum));
  }

  void remove(NodeSpec node) {
    node.imageBytes()
        .keySet()
        .forEach(i -> nodes.computeIfPresent(i, (name, n) -> n == 1 ? null : n - 1));
  }
}
