package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code IntOrString} where the string is a percentage. */
public final class IntOrPercent {
  private IntOrPercent() {}

  /** The number meant; the fallback when absent or unreadable. */
  public static int resolve(JsonNode value, int total, boolean roundUp, int fallback) {
    if (value == null) {
      return fallback;
    }
    if (value.isNumber()) {
      return value.intValue();
    }
    if (!value.isTextual() || !value.textValue().matches("\\d+%")) {
      return fallback;
    }
    String text = value.textValue();
    long percent = Long.parseLong(text.substring(0, text.length() - 1));
    long hundredths = percent * total;
    return (int) (roundUp ? (hundredths + 99) / 100 : hundredths / 100);
  }
}
