package io.troupe.node.kubelet.container;

import java.util.Optional;
import java.util.function.Function;

/**
 * {@code $(NAME)} references: expanded when known, left as they are when not, {@code $$} escapes.
 */
final class Expansion {
  private Expansion() {}

  static String expand(String text, Function<String, Optional<String>> values) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        i++;
        continue;
      }
      char next = text.charAt(i + 1);
      int close = text.indexOf(')', i + 2);
      if (next == '$') {
        out.append('$');
        i += 2;
      } else if (next == '(' && close >= 0) {
        String name = text.substring(i + 2, close);
        out.append(values.apply(name).orElse("$(" + name + ")"));
        i = close + 1;
      } else {
        out.append(c).append(next);
        i += 2;
      }
    }
    return out.toString();
  }
}
