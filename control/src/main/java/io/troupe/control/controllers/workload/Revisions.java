package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The annotations by which ReplicaSets remember revisions and sizes of their Deployment. */
final class Revisions {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MAX = "deployment.kubernetes.io/max-replicas";

  private static final int LONGEST_HISTORY = 2000;
  private static final Set<String> NOT_COPIED =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          HISTORY,
          DESIRED,
          MAX,
          "deprecated.deployment.rollback.to");

  private Revisions() {}

  static long of(JsonNode object) {
    return number(Meta.annotations(object), REVISION, 0);
  }

  static long desired(JsonNode set, long fallback) {
    return number(Meta.annotations(set), DESIRED, fallback);
  }

  static long max(JsonNode set, long fallback) {
    return number(Meta.annotations(set), MAX, fallback);
  }

  private static long number(Map<String, String> annotations, String name, long fallback) {
    try {
      return Long.parseLong(annotations.getOrDefault(name, String.valueOf(fallback)));
    } catch (NumberFormatException e) {
      return fallback;
    }
  }

  /** The next annotations of the present ReplicaSet, in a copy that the caller is building. */
  static void stamp(ObjectNode set, ObjectNode deployment, long revision) {
    ObjectNode annotations = Json.ensure(set, "metadata", "annotations");
    Meta.annotations(deployment)
        .forEach(
            (name, value) -> {
              if (!NOT_COPIED.contains(name)) {
                annotations.put(name, value);
              }
            });
    String before = Json.text(annotations, REVISION);
    if (of(set) < revision) {
      annotations.put(REVISION, Long.toString(revision));
      if (!before.isEmpty()) {
        annotations.put(HISTORY, history(Json.text(annotations, HISTORY), before));
      }
    }
  }

  private static String history(String history, String revision) {
    List<String> revisions = new ArrayList<>();
    if (!history.isEmpty()) {
      revisions.addAll(Arrays.asList(history.split(",")));
    }
    revisions.add(revision);
    while (String.join(",", revisions).length() > LONGEST_HISTORY && revisions.size() > 1) {
      revisions.removeFirst();
    }
    return String.join(",", revisions);
  }

  static void stampSizes(ObjectNode set, DeploymentSpec spec) {
    Json.ensure(set, "metadata", "annotations")
        .put(DESIRED, Integer.toString(spec.replicas()))
        .put(MAX, Integer.toString(spec.maxReplicas()));
  }

  static boolean sizesDiffer(JsonNode set, DeploymentSpec spec) {
    Map<String, String> annotations = Meta.annotations(set);
    return !Integer.toString(spec.replicas()).equals(annotations.get(DESIRED))
        || !Integer.toString(spec.maxReplicas()).equals(annotations.get(MAX));
  }
}
