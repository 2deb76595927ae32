package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;

/** Pods stay 300 s on a node that is not ready or unreachable (DefaultTolerationSeconds). */
final class DefaultTolerations {
  private DefaultTolerations() {}

  static void admit(ObjectNode pod) {
    ObjectNode spec = Json.ensure(pod, "spec");
    tolerate(spec, "node.kubernetes.io/not-ready");
    tolerate(spec, "node.kubernetes.io/unreachable");
  }

  private static void tolerate(ObjectNode spec, String taint) {
    for (JsonNode toleration : Json.items(spec, "tolerations")) {
      String key = Json.text(toleration, "key");
      String effect = Json.text(toleration, "effect");
      if ((key.equals(taint) || key.isEmpty())
          && (effect.equals("NoExecute") || effect.isEmpty())) {
        return;
      }
    }
    Fill.list(spec, "tolerations")
        .addObject()
        .put("key", taint)
        .put("operator", "Exists")
        .put("effect", "NoExecute")
        .put("tolerationSeconds", 300);
  }
}
