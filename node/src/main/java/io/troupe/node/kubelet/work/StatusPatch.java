package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.Optional;
import java.util.Set;

/** The strategic merge patch that takes a pod's status from one form to another. */
final class StatusPatch {
  /** Lists that merge by a key; what is not in the patch stays. */
  private static final Set<String> BY_IP = Set.of("podIPs", "hostIPs");

  private StatusPatch() {}

  /** Empty when nothing changed. The uid makes sure that a namesake is not touched. */
  static Optional<ObjectNode> of(JsonNode before, ObjectNode after, String uid) {
    ObjectNode changes = Json.object();
    for (var field : after.properties()) {
      JsonNode old = before.path(field.getKey());
      if (!old.equals(field.getValue())) {
        changes.set(field.getKey(), change(field.getKey(), old, field.getValue()));
      }
    }
    for (String gone : Set.of("reason", "message", "podIP")) {
      if (before.has(gone) && !after.has(gone)) {
        changes.putNull(gone);
      }
    }
    if (before.has("podIPs") && !after.has("podIPs")) {
      changes.putNull("podIPs");
    }
    if (changes.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", uid);
    patch.set("status", changes);
    return Optional.of(patch);
  }

  private static JsonNode change(String field, JsonNode old, JsonNode now) {
    if (field.equals("conditions")) {
      return changed(old, now);
    }
    if (!BY_IP.contains(field)) {
      return now;
    }
    ArrayNode list = now.deepCopy();
    for (JsonNode entry : old) {
      String ip = Json.text(entry, "ip");
      if (Json.items(now).stream().noneMatch(e -> Json.text(e, "ip").equals(ip))) {
        list.addObject().put("$patch", "delete").put("ip", ip);
      }
    }
    return list;
  }

  private static ArrayNode changed(JsonNode old, JsonNode now) {
    ArrayNode list = Json.array();
    for (JsonNode condition : now) {
      boolean same = false;
      for (JsonNode before : old) {
        same |= before.equals(condition);
      }
      if (!same) {
        list.add(condition);
      }
    }
    return list;
  }
}
