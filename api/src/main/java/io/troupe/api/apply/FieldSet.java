package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An immutable set of paths into an object, held as the {@code FieldsV1} trie that it is written
 * as: a key is a serialized path element ({@code f:name}, {@code k:{…}}, {@code v:…}, {@code i:…}),
 * an empty node is a member, a node with children is one when it has {@code "."}.
 */
@SuppressWarnings("ReferenceEquality") // the same node back means that nothing changed
public final class FieldSet {
  public static final FieldSet EMPTY = new FieldSet(Json.object());
  static final String SELF = ".";

  private final ObjectNode trie;

  private FieldSet(ObjectNode trie) {
    this.trie = trie;
  }

  /** A trie that is known to be canonical, as this class writes it; never to be changed again. */
  static FieldSet ofCanonical(ObjectNode trie) {
    return trie.isEmpty() ? EMPTY : new FieldSet(trie);
  }

  /**
   * Reads what a client sent as {@code FieldsV1}.
   *
   * @throws IllegalArgumentException when it is no trie of path elements
   */
  static FieldSet parse(JsonNode fields) {
    Builder builder = new Builder();
    PathElements.readInto(builder, fields);
    return builder.build();
  }

  /** A set of paths whose elements are all plain field names. */
  public static FieldSet ofFields(String... dottedPaths) {
    Builder builder = new Builder();
    for (String path : dottedPaths) {
      for (String name : path.split("\\.")) {
        builder.push(PathElements.field(name));
      }
      builder.insert();
      builder.clear();
    }
    return builder.build();
  }

  /** The {@code fieldsV1} value; shared, never to be changed. */
  public ObjectNode trie() {
    return trie;
  }

  public boolean isEmpty() {
    return trie.isEmpty();
  }

  boolean has(List<String> path) {
    JsonNode here = trie;
    for (String element : path) {
      here = here.get(element);
      if (here == null) {
        return false;
      }
    }
    return !path.isEmpty() && isMember(here);
  }

  static boolean isMember(JsonNode node) {
    return node.isEmpty() || node.has(SELF);
  }

  public FieldSet union(FieldSet other) {
    ObjectNode both = union(trie, other.trie, true);
    return both == trie ? this : ofCanonical(sorted(both));
  }

  /** The left node itself when the right one adds nothing. */
  private static ObjectNode union(ObjectNode left, ObjectNode right, boolean root) {
    boolean member = !root && (isMember(left) || isMember(right));
    ObjectNode out = null;
    for (Map.Entry<String, JsonNode> child : right.properties()) {
      if (child.getKey().equals(SELF)) {
        continue;
      }
      ObjectNode added = (ObjectNode) child.getValue();
      JsonNode present = left.get(child.getKey());
      ObjectNode merged = present == null ? added : union((ObjectNode) present, added, false);
      if (merged != present) {
        out = out == null ? copy(left) : out;
        out.set(child.getKey(), merged);
      }
    }
    if (out == null && (!member || isMember(left))) {
      return left;
    }
    out = out == null ? copy(left) : out;
    if (member && !out.has(SELF)) {
      out.putObject(SELF);
    }
    return out;
  }

  public FieldSet intersection(FieldSet other) {
    ObjectNode out = intersection(trie, other.trie, false);
    return out == null ? EMPTY : ofCanonical(out);
  }

  private static ObjectNode intersection(ObjectNode left, ObjectNode right, boolean member) {
    ObjectNode out = null;
    for (Map.Entry<String, JsonNode> child : left.properties()) {
      String key = child.getKey();
      JsonNode other = right.get(key);
      if (other == null || key.equals(SELF)) {
        continue;
      }
      JsonNode node = child.getValue();
      ObjectNode common =
          intersection((ObjectNode) node, (ObjectNode) other, isMember(node) && isMember(other));
      if (common != null) {
        out = out == null ? Json.object() : out;
        out.set(key, common);
      }
    }
    return finished(out, member);
  }

  /** Paths of this set that the other does not have; a parent is not its child. */
  public FieldSet difference(FieldSet other) {
    ObjectNode out = difference(trie, other.trie, false, false);
    return out == trie ? this : out == null ? EMPTY : ofCanonical(out);
  }

  /** Paths of this set that are neither in the other nor below a path of it. */
  public FieldSet without(FieldSet other) {
    ObjectNode out = difference(trie, other.trie, false, true);
    return out == trie ? this : out == null ? EMPTY : ofCanonical(out);
  }

  /** The left node itself when nothing is taken from it, null when nothing is left. */
  private static ObjectNode difference(
      ObjectNode left, ObjectNode right, boolean member, boolean below) {
    ObjectNode out = null;
    for (Map.Entry<String, JsonNode> taken : right.properties()) {
      String key = taken.getKey();
      if (key.equals(SELF) || !(left.get(key) instanceof ObjectNode node)) {
        continue;
      }
      ObjectNode other = (ObjectNode) taken.getValue();
      ObjectNode rest =
          below && isMember(other)
              ? null
              : difference(node, other, isMember(node) && !isMember(other), below);
      if (rest != node) {
        out = out == null ? copy(left) : out;
        if (rest == null) {
          out.remove(key);
        } else {
          out.set(key, rest);
        }
      }
    }
    boolean wasMember = isMember(left);
    if (out == null && wasMember == member) {
      return left;
    }
    ObjectNode rest = out == null ? copy(left) : out;
    rest.remove(SELF);
    return finished(rest.isEmpty() ? null : rest, member);
  }

  private static ObjectNode finished(ObjectNode children, boolean member) {
    if (!member) {
      return children;
    }
    if (children == null) {
      return Json.object();
    }
    ObjectNode out = Json.object();
    out.set(SELF, Json.object());
    out.setAll(children);
    return out;
  }

  /** A copy of one level; the children are shared. */
  private static ObjectNode copy(ObjectNode node) {
    ObjectNode copy = Json.object();
    copy.setAll(node);
    return copy;
  }

  private static ObjectNode sorted(ObjectNode node) {
    if (isSorted(node)) {
      return node;
    }
    List<String> keys = new ArrayList<>(node.size());
    node.fieldNames().forEachRemaining(keys::add);
    keys.sort(PathElements.ORDER);
    ObjectNode out = Json.object();
    for (String key : keys) {
      out.set(key, sorted((ObjectNode) node.get(key)));
    }
    return out;
  }

  private static boolean isSorted(ObjectNode node) {
    String before = null;
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      if (before != null && PathElements.ORDER.compare(before, child.getKey()) > 0) {
        return false;
      }
      before = child.getKey();
      if (!child.getValue().isEmpty() && !isSorted((ObjectNode) child.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** Calls for each path, a node's own members before those of its children. */
  void forEach(Consumer<List<String>> onPath) {
    forEach(trie, new ArrayList<>(), onPath);
  }

  private static void forEach(ObjectNode node, List<String> path, Consumer<List<String>> onPath) {
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      if (!child.getKey().equals(SELF) && isMember(child.getValue())) {
        path.add(child.getKey());
        onPath.accept(List.copyOf(path));
        path.removeLast();
      }
    }
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      if (!child.getKey().equals(SELF) && !child.getValue().isEmpty()) {
        path.add(child.getKey());
        forEach((ObjectNode) child.getValue(), path, onPath);
        path.removeLast();
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet that && trie.equals(that.trie);
  }

  @Override
  public int hashCode() {
    return trie.hashCode();
  }

  @Override
  public String toString() {
    return trie.toString();
  }

  /** Collects paths while a tree is walked: the path is a stack of elements. */
  static final class Builder {
    private final ObjectNode root = Json.object();
    private final ArrayList<ObjectNode> nodes = new ArrayList<>();
    private final ArrayList<String> path = new ArrayList<>();

    void push(String element) {
      path.add(element);
    }

    void pop() {
      path.removeLast();
      if (nodes.size() > path.size()) {
        nodes.removeLast();
      }
    }

    void clear() {
      path.clear();
      nodes.clear();
    }

    boolean isEmpty() {
      return root.isEmpty();
    }

    /** Adds the current path; the empty path is never a member. */
    void insert() {
      if (path.isEmpty()) {
        return;
      }
      while (nodes.size() < path.size()) {
        ObjectNode parent = nodes.isEmpty() ? root : nodes.getLast();
        String element = path.get(nodes.size());
        nodes.add(
            parent.get(element) instanceof ObjectNode known ? known : parent.putObject(element));
      }
      nodes.getLast().putObject(SELF);
    }

    FieldSet build() {
      return root.isEmpty() ? EMPTY : ofCanonical(sorted(plain(root)));
    }

    /** A node with no children is a member without saying so. */
    private static ObjectNode plain(ObjectNode node) {
      node.forEach(child -> plain((ObjectNode) child));
      if (node.size() == 1 && node.has(SELF)) {
        node.remove(SELF);
      }
      return node;
    }
  }
}
