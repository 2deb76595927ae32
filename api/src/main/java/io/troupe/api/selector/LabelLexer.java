package io.troupe.api.selector;

import java.util.ArrayList;
import java.util.List;

/** Splits a label selector's text into words and symbols. */
final class LabelLexer {
  enum Kind {
    ERROR,
    END,
    CLOSE,
    COMMA,
    NOT,
    DOUBLE_EQUALS,
    EQUALS,
    GREATER_THAN,
    IDENTIFIER,
    IN,
    LESS_THAN,
    NOT_EQUALS,
    NOT_IN,
    OPEN
  }

  record Token(Kind kind, String text) {
    /** {@code in} and {@code notin} are ordinary words where no operator can stand. */
    Kind asValue() {
      return kind == Kind.IN || kind == Kind.NOT_IN ? Kind.IDENTIFIER : kind;
    }
  }

  private final String text;
  private int position;

  private LabelLexer(String text) {
    this.text = text;
  }

  /** All tokens, the last of them {@link Kind#END}. */
  static List<Token> tokens(String text) {
    LabelLexer lexer = new LabelLexer(text);
    List<Token> tokens = new ArrayList<>();
    do {
      tokens.add(lexer.next());
    } while (tokens.getLast().kind() != Kind.END);
    return tokens;
  }

  private Token next() {
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
    if (position >= text.length() || text.charAt(position) == 0) {
      return new Token(Kind.END, "");
    }
    return isSymbol(text.charAt(position)) ? symbol() : word();
  }

  private Token word() {
    int start = position;
    while (position < text.length()
        && !isSymbol(text.charAt(position))
        && !isSpace(text.charAt(position))) {
      position++;
    }
    String word = text.substring(start, position);
    return switch (word) {
      case "in" -> new Token(Kind.IN, word);
      case "notin" -> new Token(Kind.NOT_IN, word);
      default -> new Token(Kind.IDENTIFIER, word);
    };
  }

  /** The longest run of symbol characters that is an operator. */
  private Token symbol() {
    String two = position + 2 <= text.length() ? text.substring(position, position + 2) : "";
    if (two.equals("==") || two.equals("!=")) {
      position += 2;
      return new Token(two.equals("==") ? Kind.DOUBLE_EQUALS : Kind.NOT_EQUALS, two);
    }
    char c = text.charAt(position++);
    Kind kind =
        switch (c) {
          case '=' -> Kind.EQUALS;
          case '!' -> Kind.NOT;
          case '(' -> Kind.OPEN;
          case ')' -> Kind.CLOSE;
          case ',' -> Kind.COMMA;
          case '>' -> Kind.GREATER_THAN;
          case '<' -> Kind.LESS_THAN;
          default -> Kind.ERROR;
        };
    return new Token(kind, String.valueOf(c));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isSymbol(char c) {
    return "=!(),><".indexOf(c) >= 0;
  }
}
