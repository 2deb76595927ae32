package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.strategy.Facts;
import java.util.List;
import java.util.Map;

/** Pods on a node carry its zone and region as labels (KEP-4742). */
public final class TopologyLabels {
  private static final List<String> COPIED =
      List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

  private TopologyLabels() {}

  /** Labels a pod that has a node. */
  public static void admit(ObjectNode pod, Facts facts) {
    String node = Json.text(pod, "spec", "nodeName");
    if (node.isEmpty()) {
      return;
    }
    facts
        .world()
        .find(Resources.NODES, "", node)
        .map(Meta::labels)
        .ifPresent(labels -> copy(labels, pod));
  }

  private static void copy(Map<String, String> labels, ObjectNode pod) {
    for (String key : COPIED) {
      if (labels.containsKey(key)) {
        Json.ensure(pod, "metadata", "labels").put(key, labels.get(key));
      }
    }
  }
}
