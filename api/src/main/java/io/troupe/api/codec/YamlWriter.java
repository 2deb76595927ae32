package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Writes block style: sorted keys, two spaces, lists not indented below their key. */
final class YamlWriter {
  private static final String SPECIAL_FIRST = "-?:,[]{}#&*!|>'\"%@` ";

  private final StringBuilder out;

  YamlWriter(StringBuilder out) {
    this.out = out;
  }

  void document(JsonNode value) {
    if (value.isContainerNode() && !value.isEmpty()) {
      block(value, 0);
    } else {
      scalar(value, 2);
    }
  }

  private void block(JsonNode value, int indent) {
    if (value.isArray()) {
      items(value, indent);
    } else {
      fields(value, indent, true);
    }
  }

  private void fields(JsonNode object, int indent, boolean indentFirst) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    names.sort(null);
    boolean indented = indentFirst;
    for (String name : names) {
      if (indented) {
        out.repeat(' ', indent);
      }
      indented = true;
      out.append(isPlain(name) ? name : quoted(name)).append(':');
      JsonNode value = object.get(name);
      if (value.isContainerNode() && !value.isEmpty()) {
        out.append('\n');
        block(value, value.isArray() ? indent : indent + 2);
      } else {
        out.append(' ');
        scalar(value, indent + 2);
      }
    }
  }

  private void items(JsonNode array, int indent) {
    for (JsonNode item : array) {
      out.repeat(' ', indent).append("- ");
      if (item.isObject() && !item.isEmpty()) {
        fields(item, indent + 2, false);
      } else if (item.isArray() && !item.isEmpty()) {
        out.setLength(out.length() - 1);
        out.append('\n');
        items(item, indent + 2);
      } else {
        scalar(item, indent + 2);
      }
    }
  }

  private void scalar(JsonNode value, int indent) {
    if (value.isContainerNode()) {
      out.append(value.isArray() ? "[]" : "{}").append('\n');
    } else if (!value.isTextual()) {
      out.append(value.asText("null")).append('\n');
    } else if (isLiteral(value.textValue())) {
      literal(value.textValue(), indent);
    } else {
      String text = value.textValue();
      out.append(isPlain(text) ? text : quoted(text)).append('\n');
    }
  }

  /** Text of several lines that a literal block shows as it is. */
  private static boolean isLiteral(String text) {
    boolean lines = text.indexOf('\n') >= 0 && !text.isBlank();
    return lines
        && text.charAt(0) != ' '
        && text.charAt(0) != '\n'
        && text.codePoints().allMatch(c -> c == '\n' || c == '\t' || isPrintable(c));
  }

  private void literal(String text, int indent) {
    boolean ended = text.endsWith("\n");
    boolean keeps = text.endsWith("\n\n");
    out.append(keeps ? "|+\n" : ended ? "|\n" : "|-\n");
    String body = ended ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      if (!line.isEmpty()) {
        out.repeat(' ', indent).append(line);
      }
      out.append('\n');
    }
  }

  private static boolean isPlain(String text) {
    if (text.isEmpty() || YamlScalars.isAmbiguous(text)) {
      return false;
    }
    char first = text.charAt(0);
    boolean safeStart =
        SPECIAL_FIRST.indexOf(first) < 0
            || ("-?:".indexOf(first) >= 0 && text.length() > 1 && isWord(text.charAt(1)));
    return safeStart
        && !text.startsWith("---")
        && !text.startsWith("...")
        && !text.endsWith(" ")
        && !text.endsWith(":")
        && !text.contains(": ")
        && !text.contains(" #")
        && text.codePoints().allMatch(YamlWriter::isPrintable);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '/' || c == '_';
  }

  private static boolean isPrintable(int c) {
    return (c >= 0x20 && c < 0x7f)
        || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029)
        || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
        || c >= 0x10000;
  }

  /** JSON's strings are YAML's double-quoted ones, once control characters are escaped. */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                case '\r' -> json.append("\\r");
                default -> {
                  if (isPrintable(c)) {
                    json.appendCodePoint(c);
                  } else {
                    json.append("\\u%04x".formatted(c));
                  }
                }
              }
            });
    return json.append('"').toString();
  }
}
