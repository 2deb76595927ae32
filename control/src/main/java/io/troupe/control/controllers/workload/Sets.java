package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Sums and orders of ReplicaSets. */
final class Sets {
  static final Comparator<JsonNode> OLDEST_FIRST =
      Comparator.comparing((JsonNode set) -> Json.text(set, "metadata", "creationTimestamp"))
          .thenComparing(Meta::name);
  static final Comparator<JsonNode> BY_REVISION =
      Comparator.comparingLong(Revisions::of).thenComparing(OLDEST_FIRST);

  private Sets() {}

  static int wanted(JsonNode set) {
    return (int) Json.number(set, 1, "spec", "replicas");
  }

  static int available(JsonNode set) {
    return (int) Json.number(set, 0, "status", "availableReplicas");
  }

  static int sum(Collection<ObjectNode> sets, String... path) {
    return sets.stream().mapToInt(set -> (int) Json.number(set, 0, path)).sum();
  }

  static int wanted(Collection<ObjectNode> sets) {
    return sets.stream().mapToInt(Sets::wanted).sum();
  }

  static List<ObjectNode> active(Collection<ObjectNode> sets) {
    return sets.stream().filter(set -> wanted(set) > 0).toList();
  }
}
