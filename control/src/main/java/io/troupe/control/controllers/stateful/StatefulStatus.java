package io.troupe.control.controllers.stateful;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import java.time.Instant;
import java.util.List;

/** What a StatefulSet's pods amount to. */
final class StatefulStatus {
  private StatefulStatus() {}

  static List<Write> writes(
      StatefulSpec spec,
      List<ObjectNode> pods,
      ObjectNode current,
      ObjectNode update,
      Instant now) {
    ObjectNode status = Statuses.draft(spec.set());
    int ready = 0;
    int available = 0;
    int ofCurrent = 0;
    int ofUpdate = 0;
    for (ObjectNode pod : pods) {
      boolean running = Pods.phase(pod).equals("Running");
      ready += running && Pods.isReady(pod) ? 1 : 0;
      available += running && Pods.isAvailable(pod, spec.minReadySeconds(), now) ? 1 : 0;
      if (!Meta.isDeleting(pod)) {
        String revision = StatefulPod.revision(pod);
        ofCurrent += revision.equals(Meta.name(current)) ? 1 : 0;
        ofUpdate += revision.equals(Meta.name(update)) ? 1 : 0;
      }
    }
    boolean complete =
        spec.isRolling()
            && ofUpdate == spec.replicas()
            && ofUpdate == pods.size()
            && ready == pods.size();
    status.put("observedGeneration", Meta.generation(spec.set()));
    status.put("replicas", pods.size());
    put(status, "readyReplicas", ready);
    status.put("availableReplicas", available);
    put(status, "currentReplicas", complete ? ofUpdate : ofCurrent);
    put(status, "updatedReplicas", ofUpdate);
    status.put("currentRevision", Meta.name(complete ? update : current));
    status.put("updateRevision", Meta.name(update));
    status.put("collisionCount", Json.number(status, 0, "collisionCount"));
    return Statuses.write(Resources.STATEFUL_SETS, spec.set(), status);
  }

  private static void put(ObjectNode status, String field, int value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }
}
