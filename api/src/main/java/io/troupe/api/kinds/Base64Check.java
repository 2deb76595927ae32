package io.troupe.api.kinds;

/** Finds the first byte at which Go's strict base64 reader gives up. */
final class Base64Check {
  private Base64Check() {}

  /** The offset that Go's error names, or -1 when the text is sound; it has no line breaks. */
  static int firstBad(String text) {
    int at = 0;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    int inQuantum = at % 4;
    if (at == text.length()) {
      return inQuantum == 0 ? -1 : at - inQuantum;
    }
    if (text.charAt(at) != '=' || inQuantum < 2) {
      return at;
    }
    int end = at + 1;
    if (inQuantum == 2) {
      if (end == text.length()) {
        return end;
      }
      if (text.charAt(end) != '=') {
        return end - 1;
      }
      end++;
    }
    return end < text.length() ? end : -1;
  }

  private static boolean isDigit(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
