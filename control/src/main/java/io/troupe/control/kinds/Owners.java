package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.strategy.Facts;
import java.util.ArrayList;
import java.util.List;

/** Owner references that a client sent twice are kept once, with a warning. */
final class Owners {
  private Owners() {}

  static void dedup(ObjectNode metadata, Facts facts) {
    if (!(metadata.get("ownerReferences") instanceof ArrayNode owners) || owners.size() < 2) {
      return;
    }
    List<JsonNode> kept = new ArrayList<>();
    List<String> uids = new ArrayList<>();
    for (JsonNode owner : owners) {
      String uid = Json.text(owner, "uid");
      int twin = uids.indexOf(uid);
      if (twin >= 0 && kept.get(twin).equals(owner)) {
        facts.warn(
            ".metadata.ownerReferences contains duplicate entries; API server dedups owner"
                + " references in 1.20+, and may reject such requests as early as 1.24; please fix"
                + " your requests; duplicate UID(s) observed: "
                + uid);
      } else {
        kept.add(owner);
        uids.add(uid);
      }
    }
    metadata.putArray("ownerReferences").addAll(kept);
  }
}
