package io.troupe.api.kinds;

import java.util.Optional;

/** What happens to unknown and duplicate fields ({@code ?fieldValidation=}). */
public enum FieldValidation {
  IGNORE("Ignore"),
  WARN("Warn"),
  STRICT("Strict");

  private final String text;

  FieldValidation(String text) {
    this.text = text;
  }

  /** Reads the query parameter; absent means {@link #WARN}, as upstream's servers have it. */
  public static Optional<FieldValidation> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(WARN);
    }
    for (FieldValidation one : values()) {
      if (one.text.equals(text)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
