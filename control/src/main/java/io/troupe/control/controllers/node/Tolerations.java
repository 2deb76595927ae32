package io.troupe.control.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a pod bears the NoExecute taints of its node. */
final class Tolerations {
  private Tolerations() {}

  /** Empty for ever; zero when some taint is not tolerated at all. */
  static Optional<Duration> patience(JsonNode pod, List<JsonNode> taints) {
    long least = Long.MAX_VALUE;
    List<JsonNode> tolerations = Json.items(pod, "spec", "tolerations");
    for (JsonNode taint : taints) {
      Optional<JsonNode> toleration =
          tolerations.stream().filter(t -> tolerates(t, taint)).findFirst();
      if (toleration.isEmpty()) {
        return Optional.of(Duration.ZERO);
      }
      if (toleration.get().has("tolerationSeconds")) {
        least = Math.min(least, Math.max(0, Json.number(toleration.get(), 0, "tolerationSeconds")));
      }
    }
    return least == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofSeconds(least));
  }

  private static boolean tolerates(JsonNode toleration, JsonNode taint) {
    String effect = Json.text(toleration, "effect");
    String key = Json.text(toleration, "key");
    boolean exists = Json.text(toleration, "operator").equals("Exists");
    if (!effect.isEmpty() && !effect.equals(Json.text(taint, "effect"))) {
      return false;
    }
    if (key.isEmpty()) {
      return exists;
    }
    return key.equals(Json.text(taint, "key"))
        && (exists || Json.text(toleration, "value").equals(Json.text(taint, "value")));
  }
}
