package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Strategic merge of one list, by merge key or, for scalars, by value. */
final class ListMerge {
  private ListMerge() {}

  /** Both lists are the caller's own and are used up. */
  static ArrayNode merge(ArrayNode original, ArrayNode patch, SchemaField field, boolean deletes) {
    if (!deletes && !field.strategy().equals("merge")) {
      return patch;
    }
    if (original.isEmpty() && patch.isEmpty()) {
      return original;
    }
    if (elementType(original, patch) != JsonNodeType.OBJECT) {
      return deletes ? without(original, patch) : mergeScalars(original, patch);
    }
    String key = field.mergeKey();
    if (key.isEmpty()) {
      throw Patches.unclassified("cannot merge lists without merge key for slice");
    }
    return mergeObjects(original, patch, key, field.element());
  }

  private static ArrayNode mergeScalars(ArrayNode original, ArrayNode patch) {
    ArrayNode merged = Json.array();
    Set<String> seen = new HashSet<>();
    for (ArrayNode list : List.of(original, patch)) {
      for (JsonNode item : list) {
        if (seen.add(ListOrder.identity(item, ""))) {
          merged.add(item);
        }
      }
    }
    return ListOrder.ordered(merged, patch, original, "");
  }

  private static ArrayNode without(ArrayNode original, ArrayNode deleted) {
    Set<String> gone = new HashSet<>();
    deleted.forEach(item -> gone.add(ListOrder.identity(item, "")));
    ArrayNode rest = Json.array();
    for (JsonNode item : original) {
      if (!gone.contains(ListOrder.identity(item, ""))) {
        rest.add(item);
      }
    }
    return rest;
  }

  private static ArrayNode mergeObjects(
      ArrayNode original, ArrayNode patch, String key, Schema element) {
    List<JsonNode> before = new ArrayList<>();
    original.forEach(before::add);
    ArrayNode changes = Json.array();
    boolean replace = false;
    for (JsonNode item : patch) {
      JsonNode directive = item.get(StrategicMergePatch.PATCH);
      if (directive == null) {
        changes.add(item);
        continue;
      }
      switch (directive.asText()) {
        case "replace" -> replace = true;
        case "delete" -> {
          String gone = ListOrder.requiredIdentity(item, key);
          before.removeIf(old -> ListOrder.identity(old, key).equals(gone));
        }
        case "merge" ->
            throw Patches.unclassified("merging lists cannot yet be specified in the patch");
        default ->
            throw Patches.unclassified(
                "unknown patch type: " + directive.asText() + " in map: " + GoText.of(item));
      }
    }
    if (replace) {
      return changes;
    }
    ArrayNode order = Json.array().addAll(before);
    return ListOrder.ordered(mergeByKey(before, changes, key, element), changes, order, key);
  }

  private static ArrayNode mergeByKey(
      List<JsonNode> before, ArrayNode changes, String key, Schema element) {
    Map<String, Integer> places = new HashMap<>();
    ArrayNode merged = Json.array();
    for (JsonNode item : before) {
      places.putIfAbsent(ListOrder.identity(item, key), merged.size());
      merged.add(item);
    }
    for (JsonNode change : changes) {
      String identity = ListOrder.requiredIdentity(change, key);
      Integer place = places.get(identity);
      if (place == null) {
        places.put(identity, merged.size());
        merged.add(DirectiveRemoval.plain(change));
      } else {
        // The copy stays: the list's order before the merge is read from the same items.
        ObjectNode old = merged.get(place).deepCopy();
        ObjectNode changed = change.deepCopy();
        merged.set(place, StrategicMergePatch.mergeObject(old, changed, element));
      }
    }
    return merged;
  }

  private static JsonNodeType elementType(ArrayNode original, ArrayNode patch) {
    JsonNodeType type = null;
    for (ArrayNode list : List.of(original, patch)) {
      for (JsonNode item : list) {
        if (item.isArray()) {
          throw Patches.doesNotFit("lists of lists are not supported");
        }
        if (type != null && type != item.getNodeType()) {
          throw Patches.unclassified(
              "list element types are not identical: ["
                  + GoText.of(original)
                  + " "
                  + GoText.of(patch)
                  + "]");
        }
        type = item.getNodeType();
      }
    }
    return type;
  }
}
