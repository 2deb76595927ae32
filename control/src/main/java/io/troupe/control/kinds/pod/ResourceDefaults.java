package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.control.kinds.field.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Resource lists are kept in whole thousandths, rounded up. */
public final class ResourceDefaults {
  private ResourceDefaults() {}

  static void requirements(ObjectNode resources) {
    round(resources.get("limits"));
    round(resources.get("requests"));
  }

  /** Rounds quantities below a thousandth up; leaves all others as they are. */
  public static void round(JsonNode list) {
    if (!(list instanceof ObjectNode quantities)) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : quantities.properties()) {
      String text = entry.getValue().asText();
      if (text.endsWith("n") || text.endsWith("u") || text.indexOf('.') >= 0) {
        BigDecimal amount = Amounts.parse(entry.getValue());
        if (amount != null && amount.stripTrailingZeros().scale() > 3) {
          BigDecimal rounded = amount.setScale(3, RoundingMode.CEILING);
          entry.setValue(quantities.textNode(rounded.movePointRight(3).toBigInteger() + "m"));
        }
      }
    }
  }
}
