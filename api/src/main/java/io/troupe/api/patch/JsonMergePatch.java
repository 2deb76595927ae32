package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON Merge Patch (RFC 7386): fields of the patch replace those of the object, null removes. */
public final class JsonMergePatch {
  private JsonMergePatch() {}

  public static ObjectNode apply(ObjectNode current, JsonNode patch) {
    if (!(patch instanceof ObjectNode object)) {
      throw Patches.malformed("Invalid JSON Patch");
    }
    ObjectNode result = current.deepCopy();
    merge(result, object);
    return result;
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value instanceof ObjectNode object) {
        merge(objectAt(target, field.getKey()), object);
      } else {
        target.set(field.getKey(), withoutNulls(value.deepCopy()));
      }
    }
  }

  private static ObjectNode objectAt(ObjectNode target, String name) {
    return target.get(name) instanceof ObjectNode here ? here : target.putObject(name);
  }

  /** Nulls inside of lists' objects mean absent, too. */
  static JsonNode withoutNulls(JsonNode own) {
    if (own instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
    }
    own.forEach(JsonMergePatch::withoutNulls);
    return own;
  }
}
