package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a pod's status says. */
public final class Pods {
  private Pods() {}

  /** Neither finished nor being deleted. */
  public static boolean isActive(JsonNode pod) {
    return !isFinished(pod) && !Meta.isDeleting(pod);
  }

  /** Its containers ran and will not run again. */
  public static boolean isFinished(JsonNode pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  public static String phase(JsonNode pod) {
    return Json.text(pod, "status", "phase");
  }

  public static String nodeName(JsonNode pod) {
    return Json.text(pod, "spec", "nodeName");
  }

  public static boolean isReady(JsonNode pod) {
    return Conditions.isTrue(pod, "Ready");
  }

  /** When the pod became ready; empty when it is not. */
  public static Optional<Instant> readySince(JsonNode pod) {
    return Conditions.find(pod, "Ready")
        .filter(c -> Json.text(c, "status").equals("True"))
        .flatMap(c -> Times.at(c, "lastTransitionTime"));
  }

  /** Ready for at least the given time. */
  public static boolean isAvailable(JsonNode pod, long minReadySeconds, Instant now) {
    if (!isReady(pod)) {
      return false;
    }
    return minReadySeconds == 0
        || readySince(pod)
            .filter(since -> !since.plusSeconds(minReadySeconds).isAfter(now))
            .isPresent();
  }

  /** How long until a ready pod is available; null when it is already, or not even ready. */
  public static Duration untilAvailable(JsonNode pod, long minReadySeconds, Instant now) {
    if (!isReady(pod) || isAvailable(pod, minReadySeconds, now)) {
      return null;
    }
    return readySince(pod)
        .map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)))
        .orElse(null);
  }

  /** A pod of the template, without a name: labels, annotations, finalizers and spec. */
  public static ObjectNode fromTemplate(JsonNode template, String namespace) {
    ObjectNode pod = Json.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("namespace", namespace);
    for (String field : new String[] {"labels", "annotations", "finalizers"}) {
      JsonNode value = Json.at(template, "metadata", field);
      if (!value.isMissingNode()) {
        metadata.set(field, value.deepCopy());
      }
    }
    pod.set("spec", Json.at(template, "spec").deepCopy());
    return pod;
  }
}
