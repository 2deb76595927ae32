package io.troupe.api.selector;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A predicate over an object's selectable fields: all terms hold.
 *
 * <p>Values may escape {@code \}, {@code ,} and {@code =} with a backslash.
 */
public record FieldSelector(List<Term> terms) {
  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  /** {@code path=value}, or {@code path!=value} when not {@code equal}. */
  public record Term(String path, boolean equal, String value) {}

  public FieldSelector {
    terms = List.copyOf(terms);
  }

  /**
   * Reads the string form; empty terms are skipped.
   *
   * @throws RefusedException 400 with upstream's message
   */
  public static FieldSelector parse(String text) {
    if (text.isEmpty()) {
      return EVERYTHING;
    }
    return new FieldSelector(
        split(text).stream().sorted().filter(t -> !t.isEmpty()).map(t -> term(text, t)).toList());
  }

  /** {@code path=value} alone. */
  public static FieldSelector equalTo(String path, String value) {
    return new FieldSelector(List.of(new Term(path, true, value)));
  }

  /**
   * Whether the object matches.
   *
   * @param valueOf the value of a path, {@code ""} where the object has none
   */
  public boolean matches(UnaryOperator<String> valueOf) {
    for (Term term : terms) {
      if (valueOf.apply(term.path()).equals(term.value()) != term.equal()) {
        return false;
      }
    }
    return true;
  }

  public boolean isEverything() {
    return terms.isEmpty();
  }

  /** The one value that a field must have to match, for indexes and single-object watches. */
  public Optional<String> exactValue(String path) {
    return terms.stream()
        .filter(t -> t.equal() && t.path().equals(path))
        .map(Term::value)
        .findFirst();
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String whole, String part) {
    for (int i = 0; i < part.length(); i++) {
      boolean equal = part.charAt(i) == '=';
      if (equal || part.startsWith("!=", i)) {
        int length = part.startsWith("!=", i) || part.startsWith("==", i) ? 2 : 1;
        return new Term(part.substring(0, i), equal, unescape(part.substring(i + length)));
      }
    }
    throw refused("invalid selector: '" + whole + "'; can't understand '" + part + "'");
  }

  private static String unescape(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ',' || c == '=') {
        throw refused("invalid field selector: unescaped character in value: " + (int) c);
      }
      if (c == '\\') {
        i++;
        String escaped = i < value.length() ? Character.toString(value.codePointAt(i)) : "";
        if (escaped.isEmpty() || !"\\,=".contains(escaped)) {
          throw refused("invalid field selector: invalid escape sequence: \\" + escaped);
        }
        c = value.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }

  /** The string form, which {@link #parse} reads back. */
  @Override
  public String toString() {
    return String.join(
        ",",
        terms.stream().map(t -> t.path() + (t.equal() ? "=" : "!=") + escape(t.value())).toList());
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }
}
