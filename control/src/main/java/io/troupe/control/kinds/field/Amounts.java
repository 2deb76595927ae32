package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.quantity.Quantity;
import java.math.BigDecimal;

/** Quantities as numbers, for comparing them. */
public final class Amounts {
  private Amounts() {}

  /** The amount; zero when absent or no quantity. */
  public static BigDecimal of(JsonNode quantity) {
    try {
      return Quantity.of(quantity).amount();
    } catch (IllegalArgumentException e) {
      return BigDecimal.ZERO;
    }
  }

  /** The amount, or null when it is absent or no quantity. */
  public static BigDecimal parse(JsonNode quantity) {
    if (quantity == null || quantity.isNull() || quantity.isMissingNode()) {
      return null;
    }
    try {
      return Quantity.of(quantity).amount();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
