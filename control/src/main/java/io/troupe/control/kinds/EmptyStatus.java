package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.BodyDecoder;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The status of an object that has none yet, as upstream writes it: structs that are no pointers
 * are always there, for example {@code loadBalancer: {}}.
 */
final class EmptyStatus {
  private static final Map<String, JsonNode> KNOWN = new ConcurrentHashMap<>();

  private EmptyStatus() {}

  static void put(ObjectNode object, Kind kind) {
    object.remove("status");
    String key = kind.resource().apiVersion() + " " + kind.resource().kind();
    JsonNode status = KNOWN.computeIfAbsent(key, k -> of(kind));
    if (!status.isMissingNode()) {
      object.set("status", status.deepCopy());
    }
  }

  private static JsonNode of(Kind kind) {
    ObjectNode decoded = BodyDecoder.decode(Json.object(), kind.schema()).object();
    return Json.at(decoded, "status");
  }
}
