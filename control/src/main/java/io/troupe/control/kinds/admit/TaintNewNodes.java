package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;

/** A new node is not ready until the node lifecycle controller says so (TaintNodesByCondition). */
final class TaintNewNodes {
  private static final String NOT_READY = "node.kubernetes.io/not-ready";

  private TaintNewNodes() {}

  static void admit(ObjectNode node) {
    ObjectNode spec = Json.ensure(node, "spec");
    for (JsonNode taint : Json.items(spec, "taints")) {
      if (Json.text(taint, "key").equals(NOT_READY)
          && Json.text(taint, "effect").equals("NoSchedule")) {
        return;
      }
    }
    Fill.list(spec, "taints").addObject().put("key", NOT_READY).put("effect", "NoSchedule");
  }
}
