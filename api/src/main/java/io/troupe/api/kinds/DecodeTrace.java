package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Quoted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where a decoder is, and what it found: the first wrong type, and at most 100 strict errors. */
final class DecodeTrace {
  private static final int STRICT_ERRORS_MAX = 100;

  /** A fault that ends decoding at once, as one from a type's own reader does upstream. */
  static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fault(String message) {
      super(message, null, false, false);
    }
  }

  /** Names of fields alone, as type errors show them. */
  private final List<String> fields = new ArrayList<>();

  /** The structs whose fields these are. */
  private final Deque<String> structs = new ArrayDeque<>();

  private final StringBuilder path = new StringBuilder();
  private final Set<String> strictErrors = new LinkedHashSet<>();
  private String fault = "";
  private int muted;

  /** What the body says of itself. */
  private String apiVersion = "";

  private String kind = "";

  String fault() {
    return fault;
  }

  Decoded decoded(ObjectNode object) {
    return new Decoded(object, "", List.copyOf(strictErrors), apiVersion, kind);
  }

  Decoded faulty(String message) {
    return new Decoded(null, message, List.of(), apiVersion, kind);
  }

  boolean atRoot() {
    return path.isEmpty();
  }

  /** Notes a text field of the body itself. */
  void rootText(String name, String text) {
    if (name.equals("apiVersion")) {
      apiVersion = text;
    } else if (name.equals("kind")) {
      kind = text;
    }
  }

  /** Enters a field; the result goes back to {@link #leaveField}. */
  int enterField(Schema schema, Schema.Field field) {
    int length = enterKey(field.name());
    structs.push(GoNames.struct(schema));
    if (!field.within().isEmpty() && schema instanceof FactSchema facts) {
      fields.addAll(facts.embedded(field));
    }
    fields.add(field.name());
    return length;
  }

  void leaveField(Schema.Field field, int length) {
    structs.pop();
    fields.subList(fields.size() - 1 - field.within().size(), fields.size()).clear();
    leave(length);
  }

  int enterKey(String key) {
    int length = path.length();
    path.append(length == 0 ? "" : ".").append(key);
    return length;
  }

  int enterIndex(int index) {
    int length = path.length();
    path.append('[').append(index).append(']');
    return length;
  }

  void leave(int length) {
    path.setLength(length);
  }

  void unknown(String field) {
    strict("unknown field ", field);
  }

  void duplicate(String field) {
    strict("duplicate field ", field);
  }

  /** Reports no strict errors until {@link #unmute}; nests. */
  void mute() {
    muted++;
  }

  void unmute() {
    muted--;
  }

  private void strict(String what, String field) {
    if (muted == 0 && strictErrors.size() < STRICT_ERRORS_MAX) {
      strictErrors.add(what + Quoted.quote(path.isEmpty() ? field : path + "." + field));
    }
  }

  /** Notes a wrong type; decoding goes on. */
  void wrongType(String value, String goType) {
    note(wrongTypeMessage(value, goType));
  }

  void note(String message) {
    if (fault.isEmpty()) {
      fault = message;
    }
  }

  String wrongTypeMessage(String value, String goType) {
    String target =
        structs.isEmpty()
            ? "Go value of type "
            : "Go struct field " + structs.peek() + "." + String.join(".", fields) + " of type ";
    return "json: cannot unmarshal " + value + " into " + target + goType;
  }
}
