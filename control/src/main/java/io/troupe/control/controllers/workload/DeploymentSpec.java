package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.controllers.objects.IntOrPercent;
import java.time.Duration;
import java.util.Optional;

/** The numbers of a Deployment's spec. */
record DeploymentSpec(ObjectNode deployment) {

  int replicas() {
    return (int) Json.number(deployment, 1, "spec", "replicas");
  }

  boolean isPaused() {
    return Json.flag(deployment, false, "spec", "paused");
  }

  boolean isRolling() {
    return !Json.text(deployment, "spec", "strategy", "type").equals("Recreate");
  }

  int maxSurge() {
    return isRolling() ? fencepost("maxSurge", true) : 0;
  }

  /** Never both 0: without surge at least one pod may be missing, else nothing could move. */
  int maxUnavailable() {
    if (!isRolling() || replicas() == 0) {
      return 0;
    }
    int unavailable = fencepost("maxUnavailable", false);
    return Math.min(replicas(), unavailable == 0 && maxSurge() == 0 ? 1 : unavailable);
  }

  private int fencepost(String field, boolean roundUp) {
    var value = Json.at(deployment, "spec", "strategy", "rollingUpdate", field);
    return IntOrPercent.resolve(value, replicas(), roundUp, 0);
  }

  int maxReplicas() {
    return replicas() + maxSurge();
  }

  long minReadySeconds() {
    return Json.number(deployment, 0, "spec", "minReadySeconds");
  }

  /** How long a rollout may go without progress; empty for ever. */
  Optional<Duration> progressDeadline() {
    long seconds = Json.number(deployment, Integer.MAX_VALUE, "spec", "progressDeadlineSeconds");
    return seconds == Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(seconds));
  }

  /** How many old ReplicaSets stay; empty for all. */
  Optional<Integer> historyLimit() {
    long limit = Json.number(deployment, Integer.MAX_VALUE, "spec", "revisionHistoryLimit");
    return limit == Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) limit);
  }
}
