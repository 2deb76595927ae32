package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Resource quantities as whole numbers, rounded up as {@code Quantity.Value} and {@code MilliValue}
 * do; capped at {@link Long#MAX_VALUE}. Malformed text counts as zero: validation keeps it out.
 */
public final class Amount {
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Amount() {}

  /** In thousandths, for cpu. */
  public static long milli(JsonNode quantity) {
    return parse(quantity, 1000);
  }

  /** In units (bytes, pieces). */
  public static long whole(JsonNode quantity) {
    return parse(quantity, 1);
  }

  private static long parse(JsonNode quantity, int scale) {
    if (quantity == null || !quantity.isValueNode()) {
      return 0;
    }
    return parse(quantity.asText(), scale);
  }

  private static long parse(String text, int scale) {
    int end = text.length();
    while (end > 0 && !Character.isDigit(text.charAt(end - 1)) && text.charAt(end - 1) != '.') {
      end--;
    }
    long fast = digits(text, end);
    String suffix = text.substring(end);
    if (fast >= 0 && fast < 1_000_000_000L) {
      if (suffix.isEmpty()) {
        return fast * scale;
      }
      if (suffix.equals("m")) {
        return scale == 1000 ? fast : (fast + 999) / 1000;
      }
    }
    return exact(text.substring(0, end), suffix, scale);
  }

  private static long digits(String text, int end) {
    if (end == 0 || end > 9) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private static long exact(String number, String suffix, int scale) {
    try {
      BigDecimal value = new BigDecimal(number).multiply(factor(suffix));
      BigDecimal scaled = value.multiply(BigDecimal.valueOf(scale));
      BigDecimal up = scaled.setScale(0, RoundingMode.UP);
      return up.compareTo(MAX) > 0 ? Long.MAX_VALUE : up.longValue();
    } catch (NumberFormatException malformed) {
      return 0;
    }
  }

  private static BigDecimal factor(String suffix) {
    return switch (suffix) {
      case "n" -> BigDecimal.ONE.movePointLeft(9);
      case "u" -> BigDecimal.ONE.movePointLeft(6);
      case "m" -> BigDecimal.ONE.movePointLeft(3);
      case "" -> BigDecimal.ONE;
      case "k" -> BigDecimal.ONE.movePointRight(3);
      case "M" -> BigDecimal.ONE.movePointRight(6);
      case "G" -> BigDecimal.ONE.movePointRight(9);
      case "T" -> BigDecimal.ONE.movePointRight(12);
      case "P" -> BigDecimal.ONE.movePointRight(15);
      case "E" -> BigDecimal.ONE.movePointRight(18);
      case "Ki" -> BigDecimal.valueOf(1L << 10);
      case "Mi" -> BigDecimal.valueOf(1L << 20);
      case "Gi" -> BigDecimal.valueOf(1L << 30);
      case "Ti" -> BigDecimal.valueOf(1L << 40);
      case "Pi" -> BigDecimal.valueOf(1L << 50);
      case "Ei" -> BigDecimal.valueOf(1L << 60);
      default -> throw new NumberFormatException(suffix);
    };
  }
}
