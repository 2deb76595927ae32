package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Selectors;
import io.troupe.control.controllers.objects.Statuses;
import java.util.List;

/** What a ReplicaSet's or ReplicationController's pods amount to. */
final class ReplicaSetStatus {
  private ReplicaSetStatus() {}

  static ObjectNode of(Resource type, ObjectNode set, List<ObjectNode> held, Round round) {
    ObjectNode status = Statuses.draft(set);
    long minReady = Json.number(set, 0, "spec", "minReadySeconds");
    LabelSelector template =
        Selectors.ofMap(Json.at(set, "spec", "template", "metadata", "labels"));
    int active = 0;
    int labeled = 0;
    int ready = 0;
    int available = 0;
    int terminating = 0;
    for (ObjectNode pod : held) {
      if (!Pods.isActive(pod)) {
        terminating += Meta.isDeleting(pod) && !Pods.isFinished(pod) ? 1 : 0;
        continue;
      }
      active++;
      labeled += template.matchesObject(pod) ? 1 : 0;
      ready += Pods.isReady(pod) ? 1 : 0;
      available += Pods.isAvailable(pod, minReady, round.now()) ? 1 : 0;
    }
    status.put("replicas", active);
    putUnlessZero(status, "fullyLabeledReplicas", labeled);
    putUnlessZero(status, "readyReplicas", ready);
    putUnlessZero(status, "availableReplicas", available);
    if (type.equals(Resources.REPLICA_SETS)) {
      status.put("terminatingReplicas", terminating);
    }
    putUnlessZero(status, "observedGeneration", Meta.generation(set));
    setFailure(status, set, active, round);
    return status;
  }

  private static void setFailure(ObjectNode status, ObjectNode set, int active, Round round) {
    int missing = ReplicaSetController.wanted(set) - active;
    if (round.failure().isEmpty() || missing == 0) {
      Conditions.remove(status, "ReplicaFailure");
    } else if (Conditions.findIn(status, "ReplicaFailure").isEmpty()) {
      String reason = missing > 0 ? "FailedCreate" : "FailedDelete";
      String message = round.failure().get().message();
      Conditions.set(status, Condition.of("ReplicaFailure", true, reason, message), round.now());
    }
  }

  /** Zero counts are left out of stored objects, as Go's omitempty does. */
  static void putUnlessZero(ObjectNode status, String field, long value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }
}
