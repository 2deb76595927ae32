package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.Locale;

/**
 * JSON Patch (RFC 6902), as strict as the RFC and its test suite, with two leniencies that users of
 * Kubernetes rely on: {@code replace} of an absent object member adds it, and {@code test} for null
 * passes where nothing is.
 */
public final class JsonPatch {
  /** More operations are refused with 413. */
  static final int OPERATIONS_MAX = 10_000;

  /** What all {@code copy} operations of a patch may add, in bytes of JSON. */
  static final int COPY_BYTES_MAX = 3 * 1024 * 1024;

  private JsonNode document;
  private long copiedBytes;

  private JsonPatch(JsonNode document) {
    this.document = document;
  }

  public static ObjectNode apply(ObjectNode current, JsonNode patch) {
    if (!patch.isArray()) {
      throw undecodable(patch, "[]handlers.jsonPatchOp");
    }
    if (patch.size() > OPERATIONS_MAX) {
      String limit = "The allowed maximum operations in a JSON patch is " + OPERATIONS_MAX;
      throw new RefusedException(
          Refusal.tooLarge("Request entity is too large: " + limit + ", got " + patch.size()));
    }
    JsonPatch work = new JsonPatch(current.deepCopy());
    for (JsonNode operation : patch) {
      if (!operation.isObject()) {
        throw undecodable(operation, "handlers.jsonPatchOp");
      }
      work.run(operation);
    }
    if (work.document instanceof ObjectNode result) {
      return result;
    }
    throw Patches.doesNotFit("the patched document is no object");
  }

  private static RefusedException undecodable(JsonNode node, String type) {
    String found = node.getNodeType().name().toLowerCase(Locale.ROOT);
    String what = found.equals("boolean") ? "bool" : found;
    return Patches.malformed(
        "error decoding patch: json: cannot unmarshal " + what + " into Go value of type " + type);
  }

  private void run(JsonNode operation) {
    JsonPointer path = pointer(operation, "path");
    switch (Json.text(operation, "op")) {
      case "add" -> add(path, value(operation).deepCopy());
      case "remove" -> remove(path);
      case "replace" -> replace(path, value(operation).deepCopy());
      case "move" -> move(pointer(operation, "from"), path);
      case "copy" -> add(path, copyOf(pointer(operation, "from")));
      case "test" -> test(path, value(operation));
      default -> throw Patches.doesNotFit("Unexpected kind: " + operation.get("op"));
    }
  }

  private void add(JsonPointer path, JsonNode value) {
    if (path.tokens().size() + depth(value) > Json.MAX_DEPTH) {
      throw Patches.doesNotFit("the patched document is nested too deeply");
    }
    if (path.isRoot()) {
      document = value;
      return;
    }
    switch (parent(path)) {
      case ObjectNode object -> object.set(path.last(), value);
      case ArrayNode array -> {
        boolean atEnd = path.last().equals("-");
        array.insert(atEnd ? array.size() : index(path, array.size()), value);
      }
      default -> throw missing(path);
    }
  }

  private JsonNode remove(JsonPointer path) {
    if (path.isRoot()) {
      throw missing(path);
    }
    JsonNode removed =
        switch (parent(path)) {
          case ObjectNode object -> object.remove(path.last());
          case ArrayNode array -> array.remove(index(path, array.size() - 1));
          default -> null;
        };
    if (removed == null) {
      throw missing(path);
    }
    return removed;
  }

  private void replace(JsonPointer path, JsonNode value) {
    if (!path.isRoot() && parent(path) instanceof ArrayNode array) {
      array.remove(index(path, array.size() - 1));
    }
    add(path, value);
  }

  private void move(JsonPointer from, JsonPointer path) {
    if (path.isInside(from)) {
      throw Patches.doesNotFit("a value cannot move into itself: " + from + " to " + path);
    }
    if (from.equals(path)) {
      existing(from);
      return;
    }
    add(path, remove(from));
  }

  private JsonNode copyOf(JsonPointer from) {
    JsonNode source = existing(from);
    copiedBytes += Json.bytes(source).length;
    if (copiedBytes > COPY_BYTES_MAX) {
      throw Patches.doesNotFit(
          "Unable to complete the copy, the accumulated size increase of copy is "
              + copiedBytes
              + ", exceeding the limit "
              + COPY_BYTES_MAX);
    }
    return source.deepCopy();
  }

  private void test(JsonPointer path, JsonNode expected) {
    JsonNode actual = path.valueIn(document);
    boolean absentIsNull =
        actual == null && expected.isNull() && path.parentIn(document) instanceof ObjectNode;
    if (!absentIsNull && !JsonEquality.same(actual, expected)) {
      throw Patches.doesNotFit("testing value " + path + " failed: test failed");
    }
  }

  private JsonNode existing(JsonPointer path) {
    JsonNode value = path.valueIn(document);
    if (value == null) {
      throw missing(path);
    }
    return value;
  }

  private JsonNode parent(JsonPointer path) {
    JsonNode parent = path.parentIn(document);
    if (parent == null) {
      throw missing(path);
    }
    return parent;
  }

  private static int index(JsonPointer path, int limit) {
    int index = JsonPointer.index(path.last(), limit);
    if (index < 0) {
      throw Patches.doesNotFit("invalid index referenced: " + path);
    }
    return index;
  }

  private static JsonPointer pointer(JsonNode operation, String field) {
    JsonNode text = operation.get(field);
    if (text == null || !text.isTextual()) {
      throw Patches.doesNotFit("operation without " + field);
    }
    return JsonPointer.parse(text.textValue());
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw Patches.doesNotFit("operation without value");
    }
    return value;
  }

  private static RefusedException missing(JsonPointer path) {
    return Patches.doesNotFit("doc is missing path: \"" + path + "\"");
  }

  private static int depth(JsonNode node) {
    int deepest = 0;
    for (JsonNode child : node) {
      if (child.isContainerNode()) {
        deepest = Math.max(deepest, depth(child));
      }
    }
    return node.isContainerNode() ? deepest + 1 : 0;
  }
}
