package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Spreads a change of size over all active ReplicaSets in proportion to theirs, so that scaling
 * does not speed up a rollout that may be bad. The larger set gets what rounding leaves.
 */
record ProportionalScale(DeploymentSpec spec) {

  /** The next size of each set. */
  Map<ObjectNode, Integer> sizes(List<ObjectNode> active) {
    int allowed = spec.replicas() > 0 ? spec.maxReplicas() : 0;
    int toAdd = allowed - Sets.wanted(active);
    List<ObjectNode> ordered = active.stream().sorted(order(toAdd)).toList();
    Map<ObjectNode, Integer> sizes = new LinkedHashMap<>();
    int added = 0;
    for (ObjectNode set : ordered) {
      int part = toAdd == 0 ? 0 : share(set, toAdd, added);
      sizes.put(set, Sets.wanted(set) + part);
      added += part;
    }
    int leftover = toAdd - added;
    if (!ordered.isEmpty()) {
      sizes.merge(ordered.getFirst(), leftover, (size, more) -> Math.max(0, size + more));
    }
    return sizes;
  }

  private static Comparator<ObjectNode> order(int toAdd) {
    Comparator<ObjectNode> age = Comparator.comparing(set -> set, Sets.OLDEST_FIRST);
    return Comparator.<ObjectNode>comparingInt(Sets::wanted)
        .reversed()
        .thenComparing(toAdd > 0 ? age.reversed() : age);
  }

  private int share(ObjectNode set, int toAdd, int added) {
    int allowed = toAdd - added;
    if (Sets.wanted(set) == 0 || allowed == 0) {
      return 0;
    }
    int fraction = fraction(set);
    return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
  }

  private int fraction(ObjectNode set) {
    int size = Sets.wanted(set);
    if (spec.replicas() == 0) {
      return -size;
    }
    long before = Revisions.max(set, 0);
    if (before == 0) {
      before = Json.number(spec.deployment(), 0, "status", "replicas");
    }
    return before == 0 ? 0 : (int) Math.round((double) size * spec.maxReplicas() / before) - size;
  }
}
