package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Quantities as numbers. */
public final class Amounts {
  private Amounts() {}

  /** The amount; zero when absent. */
  public static BigDecimal of(JsonNode quantity) {
    BigDecimal amount = parse(quantity);
    return amount == null ? BigDecimal.ZERO : amount;
  }

  /** The amount, or null when it is absent or no quantity. */
  public static BigDecimal parse(JsonNode quantity) {
    if (quantity == null || quantity.isNull() || quantity.isMissingNode()) {
      return null;
    }
    String text = quantity.asText();
    int end = 0;
    while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    BigDecimal factor = factor(text.substring(end));
    try {
      return factor == null ? null : new BigDecimal(text.substring(0, end)).multiply(factor);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static BigDecimal factor(String suffix) {
    return switch (suffix) {
      case "" -> BigDecimal.ONE;
      case "n" -> BigDecimal.ONE.movePointLeft(9);
      case "u" -> BigDecimal.ONE.movePointLeft(6);
      case "m" -> BigDecimal.ONE.movePointLeft(3);
      case "k" -> BigDecimal.ONE.movePointRight(3);
      case "M" -> BigDecimal.ONE.movePointRight(6);
      case "G" -> BigDecimal.ONE.movePointRight(9);
      case "T" -> BigDecimal.ONE.movePointRight(12);
      case "P" -> BigDecimal.ONE.movePointRight(15);
      case "E" -> BigDecimal.ONE.movePointRight(18);
      case "Ki", "Mi", "Gi", "Ti", "Pi", "Ei" ->
          new BigDecimal(BigInteger.ONE.shiftLeft(10 * ("KMGTPE".indexOf(suffix.charAt(0)) + 1)));
      default -> exponent(suffix);
    };
  }

  private static BigDecimal exponent(String suffix) {
    if (suffix.length() < 2 || (suffix.charAt(0) != 'e' && suffix.charAt(0) != 'E')) {
      return null;
    }
    try {
      return BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
