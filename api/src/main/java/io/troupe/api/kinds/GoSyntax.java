package io.troupe.api.kinds;

import io.troupe.api.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Says what is wrong with text that is no JSON, as Go's scanner would. Used after a failure only.
 */
final class GoSyntax {
  static final String PREFIX = "couldn't get version/kind; json parse error: ";
  private static final String BEGINNING_OF_VALUE = "looking for beginning of value";

  private final byte[] text;
  private final Deque<Boolean> inObject = new ArrayDeque<>();
  private int at;

  private GoSyntax(byte[] text) {
    this.text = text;
  }

  private static final class Found extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Found(String message) {
      super(message, null, false, false);
    }
  }

  static String message(byte[] text) {
    return PREFIX + error(text);
  }

  private static String error(byte[] text) {
    try {
      new GoSyntax(text).scan();
      // What Jackson bounds and Go does not: lengths of numbers, names and strings.
      return "exceeded the size that is allowed for a value";
    } catch (Found found) {
      return found.getMessage();
    }
  }

  private void scan() {
    value();
    while (!inObject.isEmpty()) {
      byte next = next();
      boolean object = inObject.peek();
      if (next == ',') {
        if (object) {
          key(next());
        }
        value();
      } else if (next == (object ? '}' : ']')) {
        inObject.pop();
      } else {
        throw bad(next, object ? "after object key:value pair" : "after array element");
      }
    }
    skipSpace();
    if (at < text.length) {
      throw bad(text[at], "after top-level value");
    }
  }

  /** Reads a scalar, or opens a container up to its first scalar. */
  private void value() {
    byte first = next();
    switch (first) {
      case '{' -> {
        open(true);
        byte next = next();
        if (next == '}') {
          inObject.pop();
        } else {
          key(next);
          value();
        }
      }
      case '[' -> {
        open(false);
        skipSpace();
        if (at < text.length && text[at] == ']') {
          at++;
          inObject.pop();
        } else {
          value();
        }
      }
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number(first);
    }
  }

  private void open(boolean object) {
    inObject.push(object);
    if (inObject.size() > Json.MAX_DEPTH) {
      throw new Found("exceeded max depth");
    }
  }

  private void key(byte first) {
    if (first != '"') {
      throw bad(first, "looking for beginning of object key string");
    }
    string();
    byte colon = next();
    if (colon != ':') {
      throw bad(colon, "after object key");
    }
  }

  private void string() {
    while (true) {
      byte c = read();
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        escape();
      } else if (c >= 0 && c < 0x20) {
        throw bad(c, "in string literal");
      }
    }
  }

  private void escape() {
    byte c = read();
    if (c == 'u') {
      for (int i = 0; i < 4; i++) {
        byte hex = read();
        if (Character.digit(hex, 16) < 0) {
          throw bad(hex, "in \\u hexadecimal character escape");
        }
      }
    } else if ("\"\\/bfnrt".indexOf(c) < 0) {
      throw bad(c, "in string escape code");
    }
  }

  private void literal(String word) {
    for (int i = 1; i < word.length(); i++) {
      byte c = read();
      if (c != word.charAt(i)) {
        throw bad(c, "in literal " + word + " (expecting " + quoted(word.charAt(i)) + ")");
      }
    }
  }

  private void number(byte first) {
    byte c = first;
    if (c == '-') {
      c = read();
      if (!isDigit(c)) {
        throw bad(c, "in numeric literal");
      }
    } else if (!isDigit(c)) {
      throw bad(c, BEGINNING_OF_VALUE);
    }
    if (c != '0') {
      digits();
    }
    if (at < text.length && text[at] == '.') {
      at++;
      digit("after decimal point in numeric literal");
      digits();
    }
    if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < text.length && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      digit("in exponent of numeric literal");
      digits();
    }
  }

  private void digit(String where) {
    byte c = read();
    if (!isDigit(c)) {
      throw bad(c, where);
    }
  }

  private void digits() {
    while (at < text.length && isDigit(text[at])) {
      at++;
    }
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private void skipSpace() {
    while (at < text.length && " \t\r\n".indexOf(text[at]) >= 0) {
      at++;
    }
  }

  private byte next() {
    skipSpace();
    return read();
  }

  private byte read() {
    if (at >= text.length) {
      throw new Found("unexpected end of JSON input");
    }
    return text[at++];
  }

  private Found bad(byte c, String where) {
    return new Found("invalid character " + quoted(c & 0xff) + " " + where);
  }

  private static String quoted(int c) {
    return switch (c) {
      case '\'' -> "'\\''";
      case '"' -> "'\"'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      default -> {
        String text = new String(new byte[] {(byte) c}, StandardCharsets.ISO_8859_1);
        yield c < 0x20 ? "'\\x%02x'".formatted(c) : "'" + text + "'";
      }
    };
  }
}
