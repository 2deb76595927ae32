package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.JsonEquality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks two versions of an object side by side. */
final class Comparer {
  /** Nobody owns these, so they are not looked at. */
  private static final Set<String> UNOWNED_TOP = Set.of("apiVersion", "kind");

  private static final Set<String> UNOWNED_META =
      Set.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "generation",
          "managedFields",
          "resourceVersion");

  private final FieldSet.Builder removed = new FieldSet.Builder();
  private final FieldSet.Builder modified = new FieldSet.Builder();
  private final FieldSet.Builder added = new FieldSet.Builder();

  private Comparer() {}

  /** Compares two objects of a kind. */
  static Comparison compare(JsonNode before, JsonNode after, Schema schema) {
    Comparer comparer = new Comparer();
    comparer.fields(before, after, schema, UNOWNED_TOP);
    return new Comparison(
        comparer.removed.build(), comparer.modified.build(), comparer.added.build());
  }

  private void push(String element) {
    removed.push(element);
    modified.push(element);
    added.push(element);
  }

  private void pop() {
    removed.pop();
    modified.pop();
    added.pop();
  }

  /** One of the two may be null for absent, not both. */
  private void value(JsonNode before, JsonNode after, Schema schema) {
    Shape shape = Shape.of(schema, before, after);
    boolean bothEmpty = isEmpty(before) && isEmpty(after);
    if (shape == Shape.LEAF || bothEmpty || differInKind(before, after)) {
      leaf(before, after);
      return;
    }
    switch (shape) {
      case STRUCT, MAP -> fields(before, after, schema, Set.of());
      case SET, KEYED -> items(before, after, schema, shape);
      case LEAF -> throw new IllegalStateException("leaves were handled");
    }
    if (before == null) {
      added.insert();
    } else if (after == null) {
      removed.insert();
    }
  }

  private void leaf(JsonNode before, JsonNode after) {
    if (before == null) {
      added.insert();
    } else if (after == null) {
      removed.insert();
    } else if (!JsonEquality.same(before, after)) {
      modified.insert();
    }
  }

  private static boolean isEmpty(JsonNode node) {
    return node == null || node.isNull() || (node.isContainerNode() && node.isEmpty());
  }

  private static boolean differInKind(JsonNode before, JsonNode after) {
    JsonNode left = before == null || before.isNull() ? after : before;
    JsonNode right = after == null || after.isNull() ? before : after;
    return !left.isContainerNode() || left.getNodeType() != right.getNodeType();
  }

  private void fields(JsonNode before, JsonNode after, Schema schema, Set<String> skipped) {
    if (after != null) {
      for (Map.Entry<String, JsonNode> field : after.properties()) {
        String name = field.getKey();
        JsonNode old = valueOrZero(before, name, schema);
        JsonNode now = valueOrZero(after, name, schema);
        boolean nothing = isObject(before) && isNothing(old) && isNothing(now);
        if (!nothing && !isSameScalar(old, now) && !skipped.contains(name)) {
          field(name, old, now, schema, skipped);
        }
      }
    }
    if (before != null) {
      for (Map.Entry<String, JsonNode> field : before.properties()) {
        String name = field.getKey();
        boolean gone = after == null || !after.has(name);
        boolean nothing = isObject(after) && isNothing(field.getValue());
        if (gone && !nothing && !skipped.contains(name)) {
          field(name, field.getValue(), valueOrZero(after, name, schema), schema, skipped);
        }
      }
    }
  }

  /** Fields that are always written are there even where a tree leaves them out. */
  private static JsonNode valueOrZero(JsonNode parent, String name, Schema schema) {
    if (!isObject(parent)) {
      return null;
    }
    JsonNode value = parent.get(name);
    if (schema == null || (value != null && !value.isNull())) {
      return value;
    }
    JsonNode zero = ZeroValue.of(schema.fields().get(name));
    return zero == null ? value : zero;
  }

  @SuppressWarnings("ReferenceEquality") // a shortcut, and both may be null
  private void field(
      String name, JsonNode before, JsonNode after, Schema parent, Set<String> skipped) {
    Schema schema = Shape.child(parent, name);
    if (before == after) {
      return;
    }
    push(PathElements.field(name));
    if (name.equals("metadata") && skipped.equals(UNOWNED_TOP)) {
      fields(before, after, schema, UNOWNED_META);
    } else {
      value(before, after, schema);
    }
    pop();
  }

  private static boolean isObject(JsonNode node) {
    return node != null && node.isObject();
  }

  /** Most fields of most writes: they need no path. */
  private static boolean isSameScalar(JsonNode before, JsonNode after) {
    return before != null
        && after != null
        && before.isValueNode()
        && JsonEquality.same(before, after);
  }

  /** In an object that is there, null and absent are the same. */
  private static boolean isNothing(JsonNode node) {
    return node == null || node.isNull();
  }

  private void items(JsonNode before, JsonNode after, Schema list, Shape shape) {
    if (before != null && after != null && JsonEquality.same(before, after)) {
      return;
    }
    Map<String, List<JsonNode>> old = byElement(before, list, shape);
    Map<String, List<JsonNode>> now = byElement(after, list, shape);
    for (Map.Entry<String, List<JsonNode>> item : now.entrySet()) {
      item(item.getKey(), old.getOrDefault(item.getKey(), List.of()), item.getValue(), list);
    }
    for (Map.Entry<String, List<JsonNode>> item : old.entrySet()) {
      if (!now.containsKey(item.getKey())) {
        item(item.getKey(), item.getValue(), List.of(), list);
      }
    }
  }

  /** Items that share an element cannot be told apart: together they are one leaf. */
  private void item(String element, List<JsonNode> before, List<JsonNode> after, Schema list) {
    push(element);
    if (before.size() <= 1 && after.size() <= 1) {
      value(
          before.isEmpty() ? null : before.getFirst(),
          after.isEmpty() ? null : after.getFirst(),
          list.element());
    } else if (before.size() >= 2 && after.size() >= 2) {
      if (!sameItems(before, after)) {
        modified.insert();
      }
    } else if (before.size() >= 2) {
      if (!after.isEmpty()) {
        value(null, after.getFirst(), list.element());
      }
      removed.insert();
    } else {
      if (!before.isEmpty()) {
        value(before.getFirst(), null, list.element());
      }
      added.insert();
    }
    pop();
  }

  private static boolean sameItems(List<JsonNode> before, List<JsonNode> after) {
    if (before.size() != after.size()) {
      return false;
    }
    for (int i = 0; i < before.size(); i++) {
      if (!JsonEquality.same(before.get(i), after.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, List<JsonNode>> byElement(JsonNode items, Schema list, Shape shape) {
    Map<String, List<JsonNode>> byElement = new LinkedHashMap<>();
    if (items != null) {
      for (JsonNode item : items) {
        byElement
            .computeIfAbsent(shape.element(list, item), element -> new ArrayList<>(1))
            .add(item);
      }
    }
    return byElement;
  }
}
