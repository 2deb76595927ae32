package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A JSON Pointer (RFC 6901) as its unescaped tokens. */
record JsonPointer(List<String> tokens) {

  JsonPointer {
    tokens = List.copyOf(tokens);
  }

  static JsonPointer parse(String text) {
    if (text.isEmpty()) {
      return new JsonPointer(List.of());
    }
    if (text.charAt(0) != '/') {
      throw Patches.doesNotFit("doc is missing path: \"" + text + "\"");
    }
    List<String> tokens = new ArrayList<>();
    for (String token : text.substring(1).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return new JsonPointer(tokens);
  }

  boolean isRoot() {
    return tokens.isEmpty();
  }

  String last() {
    return tokens.getLast();
  }

  boolean isInside(JsonPointer outer) {
    return tokens.size() > outer.tokens.size()
        && tokens.subList(0, outer.tokens.size()).equals(outer.tokens);
  }

  /** The object or array that holds the last token, or null. */
  JsonNode parentIn(JsonNode root) {
    JsonNode here = root;
    for (String token : tokens.subList(0, tokens.size() - 1)) {
      here = child(here, token);
      if (here == null || !here.isContainerNode()) {
        return null;
      }
    }
    return here;
  }

  /** The value, or null when there is none. */
  JsonNode valueIn(JsonNode root) {
    if (isRoot()) {
      return root;
    }
    JsonNode parent = parentIn(root);
    return parent == null ? null : child(parent, last());
  }

  private static JsonNode child(JsonNode parent, String token) {
    return switch (parent) {
      case ObjectNode object -> object.get(token);
      case ArrayNode array -> array.get(index(token, array.size() - 1));
      default -> null;
    };
  }

  /** An array index without sign or leading zeros, at most the limit; -1 for anything else. */
  static int index(String token, int limit) {
    if (token.isEmpty() || token.length() > 9 || (token.length() > 1 && token.charAt(0) == '0')) {
      return -1;
    }
    int index = 0;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      index = index * 10 + c - '0';
    }
    return index <= limit ? index : -1;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String token : tokens) {
      text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
