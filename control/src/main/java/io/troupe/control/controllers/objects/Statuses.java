package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Write;
import java.util.List;

/** Writing a status that one controller owns: only what differs, and nothing when nothing does. */
public final class Statuses {
  private Statuses() {}

  /** A copy of the object's status to build the next one in; empty when it has none. */
  public static ObjectNode draft(JsonNode object) {
    return object.get("status") instanceof ObjectNode status ? status.deepCopy() : Json.object();
  }

  /**
   * The patch from the present status to the next. It names the uid but no revision: the status has
   * one writer, who has seen its own last write.
   */
  public static List<Write> write(Resource type, JsonNode object, ObjectNode next) {
    JsonNode present = object.get("status") instanceof ObjectNode status ? status : Json.object();
    if (JsonEquality.same(present, next)) {
      return List.of();
    }
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", Meta.uid(object));
    patch.set("status", Trees.difference(present, next));
    return List.of(Write.mergeStatus(type, object, patch));
  }
}
