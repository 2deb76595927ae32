package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.quantity.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Reads resource amounts (quantities) as exact numbers. */
public final class Amounts {
  private Amounts() {}

  /** The amount at {@code resources.<kind>.<resource>}, zero when absent. */
  public static BigDecimal of(JsonNode owner, String kind, String resource) {
    return parse(Json.at(owner, "resources", kind, resource));
  }

  public static BigDecimal parse(JsonNode node) {
    return node.isMissingNode() || node.isNull()
        ? BigDecimal.ZERO
        : Quantity.parse(node.asText()).amount();
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
