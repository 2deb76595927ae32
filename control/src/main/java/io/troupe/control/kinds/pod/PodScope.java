package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.control.kinds.field.At;
import java.util.Map;

/**
 * What the check of a container must know of its pod.
 *
 * @param volumes valid volumes by name
 * @param graceSeconds of the pod, -1 when absent
 */
record PodScope(
    Map<String, JsonNode> volumes,
    long graceSeconds,
    String restartPolicy,
    boolean hostUsers,
    String os,
    boolean isPod) {

  static PodScope of(At spec, Map<String, JsonNode> volumes, boolean isPod) {
    return new PodScope(
        volumes,
        spec.number("terminationGracePeriodSeconds", -1),
        spec.text("restartPolicy"),
        !spec.has("hostUsers") || spec.flag("hostUsers"),
        spec.child("os").text("name"),
        isPod);
  }
}
