package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Reads resource amounts (quantities) as exact numbers. */
public final class Amounts {
  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("n", new BigDecimal("1e-9")),
          Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")),
          Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")),
          Map.entry("P", new BigDecimal("1e15")),
          Map.entry("E", new BigDecimal("1e18")),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private Amounts() {}

  /** The amount at {@code resources.<kind>.<resource>}, zero when absent. */
  public static BigDecimal of(JsonNode owner, String kind, String resource) {
    return parse(Json.at(owner, "resources", kind, resource));
  }

  public static BigDecimal parse(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? BigDecimal.ZERO : parse(node.asText());
  }

  public static BigDecimal parse(String text) {
    int end = text.length();
    while (end > 0 && !Character.isDigit(text.charAt(end - 1)) && text.charAt(end - 1) != '.') {
      end--;
    }
    BigDecimal factor = SUFFIXES.get(text.substring(end));
    if (factor == null || end == 0) {
      throw new IllegalArgumentException("not a quantity: " + text);
    }
    return new BigDecimal(text.substring(0, end)).multiply(factor);
  }

  /** Rounded up to whole units. */
  public static long units(BigDecimal amount) {
    return amount.setScale(0, RoundingMode.CEILING).longValue();
  }

  /** Rounded up to thousandths. */
  public static long millis(BigDecimal amount) {
    return units(amount.movePointRight(3));
  }
}
