package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.FieldPath;
import java.util.List;

/** A service's own addresses and their families. */
final class ServiceAddresses {
  private static final List<String> FAMILIES = List.of("IPv4", "IPv6");

  private ServiceAddresses() {}

  static void check(At spec) {
    List<JsonNode> ips = Json.items(spec.node(), "clusterIPs");
    String single = spec.text("clusterIP");
    FieldPath path = spec.at("clusterIPs");
    if (single.isEmpty() && !ips.isEmpty()) {
      spec.invalid("clusterIPs", "must be empty when `clusterIP` is not specified");
    } else if (!single.isEmpty() && ips.isEmpty()) {
      spec.errors().required(path, "");
    } else if (!single.isEmpty() && !ips.getFirst().asText().equals(single)) {
      spec.invalid("clusterIPs", "first value must match `clusterIP`");
    }
    spec.each(
        "ipFamilies",
        family -> {
          if (!FAMILIES.contains(family.text())) {
            family.errors().notSupported(family.path(), family.text(), FAMILIES);
          }
        });
    spec.oneOf("ipFamilyPolicy", List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
    if (addresses(spec, ips)) {
      families(spec, ips);
    }
  }

  private static boolean addresses(At spec, List<JsonNode> ips) {
    int before = spec.errors().count();
    boolean headless = !ips.isEmpty() && ips.getFirst().asText().equals("None");
    if (headless && ips.size() > 1) {
      spec.invalid("clusterIPs", "'None' must be the first and only value");
    } else if (!headless) {
      spec.each("clusterIPs", ip -> ip.follows(Addresses::ip));
    }
    if (ips.size() > 2) {
      spec.invalid("clusterIPs", "may only hold up to 2 values");
    }
    return spec.errors().count() == before;
  }

  private static void families(At spec, List<JsonNode> ips) {
    if (ips.size() == 2 && isV6(ips.get(0)) == isV6(ips.get(1))) {
      spec.invalid("clusterIPs", "may specify no more than one IP for each IP family");
    }
    List<JsonNode> families = Json.items(spec.node(), "ipFamilies");
    for (int i = 0; i < Math.min(ips.size(), families.size()); i++) {
      String family = families.get(i).asText();
      boolean fits =
          ips.get(i).asText().equals("None") || isV6(ips.get(i)) == family.equals("IPv6");
      if (!fits) {
        spec.errors()
            .invalid(
                spec.at("clusterIPs").index(i),
                ips.get(i),
                "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
      }
    }
  }

  private static boolean isV6(JsonNode ip) {
    return Addresses.isIpv6(ip.asText());
  }

  /** The first address and family stay; a second may come and go. */
  static void update(At spec, JsonNode before) {
    List<JsonNode> now = Json.items(spec.node(), "clusterIPs");
    List<JsonNode> held = Json.items(before, "clusterIPs");
    if (held.isEmpty()) {
      return;
    }
    FieldPath path = spec.at("clusterIPs");
    if (now.isEmpty()) {
      spec.errors().invalid(path.index(0), "", "primary clusterIP can not be unset");
      return;
    }
    if (!now.getFirst().equals(held.getFirst())) {
      spec.errors()
          .invalid(path.index(0), spec.node().path("clusterIPs"), "may not change once set");
    }
    if (now.size() > 1 && held.size() > 1 && !now.get(1).equals(held.get(1))) {
      spec.errors()
          .invalid(path.index(1), spec.node().path("clusterIPs"), "may not change once set");
    }
    List<JsonNode> families = Json.items(spec.node(), "ipFamilies");
    List<JsonNode> heldFamilies = Json.items(before, "ipFamilies");
    if (!families.isEmpty()
        && !heldFamilies.isEmpty()
        && !families.getFirst().equals(heldFamilies.getFirst())) {
      spec.errors()
          .invalid(
              spec.at("ipFamilies").index(0),
              spec.node().path("ipFamilies"),
              "may not change once set");
    }
  }
}
