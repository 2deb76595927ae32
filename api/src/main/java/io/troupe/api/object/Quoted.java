package io.troupe.api.object;

/** Text between double quotes as Go's {@code %q} writes it, for messages that quote a value. */
public final class Quoted {
  private Quoted() {}

  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> append(out, c));
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case 0x07 -> out.append("\\a");
      case 0x0b -> out.append("\\v");
      default -> {
        if (c < 0x20 || c == 0x7f) {
          out.append("\\x").append(hex(c, 2));
        } else if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append(c < 0x10000 ? "\\u" + hex(c, 4) : "\\U" + hex(c, 8));
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  private static String hex(int c, int digits) {
    String text = Integer.toHexString(c);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
