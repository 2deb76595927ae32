package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays a configuration over an object: its leaves win, nothing is removed, and lists take its order
 * where both have items. The result shares subtrees with both.
 */
final class TypedMerge {
  private TypedMerge() {}

  /** At most one of the two is null for absent; so is the result when nothing is left. */
  static JsonNode merge(JsonNode live, JsonNode config, Schema schema) {
    if (config == null) {
      return live;
    }
    Shape shape = Shape.of(schema, live, config);
    if (live == null || shape == Shape.LEAF || !live.isContainerNode()) {
      return config;
    }
    if (live.getNodeType() != config.getNodeType()) {
      // Null stands for an empty map or list, and merging never removes.
      return config.isNull() && !live.isEmpty() ? live : config;
    }
    if (live.isEmpty() && config.isEmpty()) {
      return config;
    }
    return switch (shape) {
      case STRUCT, MAP -> fields((ObjectNode) live, (ObjectNode) config, schema);
      case SET, KEYED -> items((ArrayNode) live, (ArrayNode) config, schema, shape);
      case LEAF -> config;
    };
  }

  private static ObjectNode fields(ObjectNode live, ObjectNode config, Schema schema) {
    ObjectNode merged = Json.object();
    merged.setAll(live);
    for (Map.Entry<String, JsonNode> field : config.properties()) {
      String name = field.getKey();
      merged.set(name, merge(live.get(name), field.getValue(), Shape.child(schema, name)));
    }
    return merged;
  }

  /** A list's items by path element, in order; the value is null where an element repeats. */
  private record Indexed(List<String> elements, Map<String, JsonNode> items) {
    static Indexed of(ArrayNode list, Schema schema, Shape shape) {
      List<String> elements = new ArrayList<>();
      Map<String, JsonNode> items = new HashMap<>();
      for (JsonNode item : list) {
        String element = shape.element(schema, item);
        elements.add(element);
        items.put(element, items.containsKey(element) ? null : item);
      }
      return new Indexed(elements, items);
    }

    boolean has(String element) {
      return items.containsKey(element);
    }
  }

  private static ArrayNode items(ArrayNode live, ArrayNode config, Schema list, Shape shape) {
    Indexed left = Indexed.of(live, list, shape);
    Indexed right = Indexed.of(config, list, shape);
    List<String> shared = new ArrayList<>(right.elements().stream().filter(left::has).toList());
    Set<String> taken = new HashSet<>();
    ArrayNode merged = Json.array();
    int l = 0;
    int r = 0;
    while (l < left.elements().size() || r < right.elements().size()) {
      String ours = l < left.elements().size() ? left.elements().get(l) : null;
      String theirs = r < right.elements().size() ? right.elements().get(r) : null;
      String wanted = shared.isEmpty() ? null : shared.getFirst();
      if (ours != null && theirs != null && !ours.equals(theirs)) {
        if (right.has(ours) && wanted != null && !wanted.equals(ours)) {
          // Shared, but not the one whose turn it is: it comes with the configuration's order.
          l++;
          continue;
        }
      }
      if (ours != null && !ours.equals(theirs) && !right.has(ours)) {
        merged.add(live.get(l++));
        continue;
      }
      if (ours != null && (taken.contains(ours) || ours.equals(theirs))) {
        l++;
      }
      if (theirs != null) {
        taken.add(theirs);
        merged.add(merge(left.items().get(theirs), right.items().get(theirs), list.element()));
        r++;
        if (theirs.equals(wanted)) {
          shared.removeFirst();
        }
      }
    }
    return merged;
  }
}
