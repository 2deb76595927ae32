package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Strategic merge patch: a merge patch that merges lists by the keys which the schema declares, and
 * that carries directives ({@code $patch}, {@code $retainKeys}, {@code $setElementOrder/list},
 * {@code $deleteFromPrimitiveList/list}); see "Notes on the strategic merge patch" in the
 * Kubernetes documentation.
 */
public final class StrategicMergePatch {
  static final String PATCH = "$patch";
  static final String RETAIN_KEYS = "$retainKeys";
  static final String ELEMENT_ORDER = "$setElementOrder";
  static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList";

  private StrategicMergePatch() {}

  /** The result is a tree of the caller's own; a null schema merges without any keys. */
  public static ObjectNode apply(ObjectNode current, JsonNode patch, Schema schema) {
    if (!(patch instanceof ObjectNode object)) {
      throw Patches.malformed(
          "json: cannot unmarshal "
              + patch.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
              + " into Go value of type map[string]interface {}");
    }
    return mergeObject(current.deepCopy(), object.deepCopy(), schema);
  }

  /** Both trees are the caller's own and are used up. */
  static ObjectNode mergeObject(ObjectNode original, ObjectNode patch, Schema schema) {
    JsonNode directive = patch.remove(PATCH);
    if (directive != null) {
      return replaced(directive, patch);
    }
    retainKeys(original, patch);
    for (String directed : directed(patch, ELEMENT_ORDER)) {
      orderElements(original, patch, directed, schema);
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      mergeField(original, field.getKey(), field.getValue(), schema);
    }
    return original;
  }

  private static ObjectNode replaced(JsonNode directive, ObjectNode patch) {
    return switch (directive.asText()) {
      case "replace" -> (ObjectNode) JsonMergePatch.withoutNulls(patch);
      case "delete" -> Json.object();
      default ->
          throw Patches.unclassified(
              "unknown patch type: " + directive.asText() + " in map: " + GoText.of(patch));
    };
  }

  private static void mergeField(
      ObjectNode original, String patchedName, JsonNode value, Schema schema) {
    boolean deletes = patchedName.startsWith(DELETE_FROM_LIST);
    String name = deletes ? listName(patchedName, DELETE_FROM_LIST) : patchedName;
    JsonNode before = original.get(name);
    if (value.isNull()) {
      original.remove(name);
    } else if (before == null || before.getNodeType() != value.getNodeType()) {
      if (!deletes) {
        setPlain(original, name, value);
      }
    } else if (before instanceof ObjectNode object) {
      SchemaField field = SchemaField.of(schema, name);
      boolean replace = field.strategy().equals("replace");
      ObjectNode patch = (ObjectNode) value;
      original.set(name, replace ? patch : mergeObject(object, patch, field.schema()));
    } else if (before instanceof ArrayNode list) {
      SchemaField field = SchemaField.of(schema, name);
      original.set(name, ListMerge.merge(list, (ArrayNode) value, field, deletes));
    } else {
      original.set(name, value);
    }
  }

  private static void setPlain(ObjectNode original, String name, JsonNode value) {
    if (DirectiveRemoval.isDirected(value)) {
      original.remove(name);
    } else {
      original.set(name, DirectiveRemoval.plain(value));
    }
  }

  private static void retainKeys(ObjectNode original, ObjectNode patch) {
    JsonNode listed = patch.remove(RETAIN_KEYS);
    if (listed == null) {
      return;
    }
    if (!listed.isArray()) {
      throw Patches.malformed("invalid patch format of retainKeys");
    }
    Set<String> retained = new HashSet<>();
    listed.forEach(name -> retained.add(name.asText()));
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      String name = field.getKey();
      boolean directive = name.startsWith(DELETE_FROM_LIST) || name.startsWith(ELEMENT_ORDER);
      if (!directive && !field.getValue().isNull() && !retained.contains(name)) {
        throw Patches.malformed("invalid patch format of retainKeys");
      }
    }
    original.retain(retained);
  }

  /** Merges the list that an order directive names, in the order that it states. */
  private static void orderElements(
      ObjectNode original, ObjectNode patch, String directive, Schema schema) {
    String name = listName(directive, ELEMENT_ORDER);
    ArrayNode order = list(patch.remove(directive));
    ArrayNode before = original.has(name) ? list(original.get(name)) : null;
    ArrayNode change = patch.has(name) ? list(patch.get(name)) : null;
    SchemaField field = SchemaField.of(schema, name);
    ListOrder.check(change, order, field.mergeKey());
    if (before == null && change == null) {
      return;
    }
    ArrayNode merged;
    if (change == null) {
      merged = before;
    } else if (before == null) {
      merged = (ArrayNode) DirectiveRemoval.plain(change);
    } else {
      merged = ListMerge.merge(before.deepCopy(), change, field, false);
    }
    ArrayNode serverOrder =
        before == null || change == null
            ? merged
            : ListOrder.afterDeletions(before, change, field.mergeKey());
    original.set(name, ListOrder.ordered(merged, order, serverOrder, field.mergeKey()));
    patch.remove(name);
  }

  private static ArrayNode list(JsonNode node) {
    if (node instanceof ArrayNode list) {
      return list;
    }
    throw Patches.unclassified("expected a []interface {}, but received a " + GoText.typeOf(node));
  }

  private static List<String> directed(ObjectNode patch, String prefix) {
    List<String> names = new ArrayList<>(0);
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getKey().startsWith(prefix)) {
        names.add(field.getKey());
      }
    }
    return names;
  }

  private static String listName(String directive, String prefix) {
    if (directive.startsWith(prefix + "/")) {
      return directive.substring(prefix.length() + 1);
    }
    throw Patches.malformed(
        prefix.equals(DELETE_FROM_LIST)
            ? "invalid patch format of primitive list"
            : "invalid patch format of setElementOrder list");
  }
}
