package io.troupe.control.controllers.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a DaemonSet's pods amount to, node by node. */
final class DaemonStatus {
  private DaemonStatus() {}

  static List<Write> writes(
      ObjectNode set,
      List<ObjectNode> nodes,
      NodeFit fit,
      Map<String, List<ObjectNode>> byNode,
      String hash,
      Instant now) {
    int desired = 0;
    int scheduled = 0;
    int misplaced = 0;
    int ready = 0;
    int available = 0;
    int updated = 0;
    long minReady = Json.number(set, 0, "spec", "minReadySeconds");
    for (ObjectNode node : nodes) {
      List<ObjectNode> here = byNode.getOrDefault(Meta.name(node), List.of());
      if (!fit.shouldRun(node)) {
        misplaced += here.isEmpty() ? 0 : 1;
        continue;
      }
      desired++;
      if (here.isEmpty()) {
        continue;
      }
      scheduled++;
      ObjectNode oldest = here.getFirst();
      ready += Pods.isReady(oldest) ? 1 : 0;
      available += Pods.isAvailable(oldest, minReady, now) ? 1 : 0;
      updated += DaemonPod.isOf(oldest, hash) ? 1 : 0;
    }
    ObjectNode status = Statuses.draft(set);
    status.put("desiredNumberScheduled", desired).put("currentNumberScheduled", scheduled);
    status.put("numberMisscheduled", misplaced).put("numberReady", ready);
    put(status, "updatedNumberScheduled", updated);
    put(status, "numberAvailable", available);
    put(status, "numberUnavailable", desired - available);
    put(status, "observedGeneration", Meta.generation(set));
    return Statuses.write(Resources.DAEMON_SETS, set, status);
  }

  private static void put(ObjectNode status, String field, long value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }
}
