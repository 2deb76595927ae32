package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Endpoints and EndpointSlice. */
final class Endpoints {
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  private static final int SHOWN = 3;

  private Endpoints() {}

  static Strategy endpoints() {
    return Strategy.of("", "Endpoints")
        .with(Trait.CREATE_ON_UPDATE)
        .defaults(
            e ->
                Fill.each(
                    e, "subsets", s -> Fill.each(s, "ports", p -> Fill.text(p, "protocol", "TCP"))))
        .validate(Endpoints::validate)
        .columns(
            Columns.of("Name", "Endpoints", "Age")
                .row(
                    (e, now, row) -> {
                      row.add(shown(e));
                      row.add(Columns.age(e, now));
                    }))
        .build();
  }

  private static void validate(ObjectNode endpoints, Errors errors) {
    At.root(endpoints, errors)
        .each(
            "subsets",
            subset -> {
              if (subset.lacks("addresses") && subset.lacks("notReadyAddresses")) {
                errors.required(subset.path(), "must specify `addresses` or `notReadyAddresses`");
              }
              subset.each("addresses", Endpoints::address);
              subset.each("notReadyAddresses", Endpoints::address);
              boolean several = subset.node().path("ports").size() > 1;
              subset.each("ports", p -> port(p, several));
            });
  }

  private static void address(At address) {
    address.child("ip").follows(Addresses::ip);
    address.follows("hostname", Names::dnsLabel);
    address.follows("nodeName", Names::dnsSubdomain);
    EndpointAddresses.check(address.text("ip"), address.at("ip"), address.errors());
  }

  private static void port(At port, boolean nameRequired) {
    if (nameRequired) {
      port.required("name");
    }
    port.follows("name", Names::dnsLabel);
    long number = port.number("port", 0);
    port.errors().invalid(port.at("port"), number, Names.port(number));
    port.requiredOneOf("protocol", PROTOCOLS);
    port.follows("appProtocol", Names::qualifiedName);
  }

  private static String shown(ObjectNode endpoints) {
    List<String> list = new ArrayList<>();
    for (JsonNode subset : Json.items(endpoints, "subsets")) {
      List<JsonNode> ports = Json.items(subset, "ports");
      for (JsonNode address : Json.items(subset, "addresses")) {
        String ip = Json.text(address, "ip");
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        if (ports.isEmpty()) {
          list.add(ip);
        }
        ports.forEach(p -> list.add(host + ":" + Json.number(p, 0, "port")));
      }
    }
    return Json.items(endpoints, "subsets").isEmpty() ? "<none>" : some(list, "");
  }

  /** The first few, and how many more there are. */
  private static String some(List<String> list, String none) {
    if (list.isEmpty()) {
      return none;
    }
    return list.size() <= SHOWN
        ? String.join(",", list)
        : String.join(",", list.subList(0, SHOWN)) + " + " + (list.size() - SHOWN) + " more...";
  }

  static Strategy endpointSlice() {
    return Strategy.of("discovery.k8s.io", "EndpointSlice")
        .defaults(
            slice ->
                Fill.each(
                    slice,
                    "ports",
                    p -> {
                      Fill.flagText(p, "name");
                      Fill.text(p, "protocol", "TCP");
                    }))
        .generation(
            (a, b) ->
                !Same.equal(a, b, "endpoints")
                    || !Same.equal(a, b, "ports")
                    || !Same.equal(a, b, "addressType")
                    || !Same.equal(a.path("metadata"), b.path("metadata"), "labels"))
        .validate(Endpoints::validateSlice)
        .alsoOnUpdate((s, old, e) -> At.root(s, e).immutable("addressType", old))
        .columns(
            Columns.of("Name", "AddressType", "Ports", "Endpoints", "Age")
                .row(
                    (s, now, row) -> {
                      row.add(Json.text(s, "addressType"));
                      row.add(some(slicePorts(s), "<unset>"));
                      row.add(some(sliceAddresses(s), "<unset>"));
                      row.add(Columns.age(s, now));
                    }))
        .build();
  }

  private static List<String> slicePorts(ObjectNode slice) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : Json.items(slice, "ports")) {
      ports.add(
          port.hasNonNull("port")
              ? port.get("port").asText()
              : port.has("name") ? Json.text(port, "name") : "*");
    }
    return ports;
  }

  private static List<String> sliceAddresses(ObjectNode slice) {
    List<String> addresses = new ArrayList<>();
    Json.items(slice, "endpoints")
        .forEach(e -> Json.items(e, "addresses").forEach(a -> addresses.add(a.asText())));
    return addresses;
  }

  private static void validateSlice(ObjectNode slice, Errors errors) {
    At root = At.root(slice, errors);
    root.requiredOneOf("addressType", List.of("FQDN", "IPv4", "IPv6"));
    Set<String> names = new HashSet<>();
    root.each(
        "ports",
        port -> {
          port.follows("name", Names::dnsLabel);
          if (!names.add(port.text("name"))) {
            errors.duplicate(port.at("name"), port.text("name"));
          }
          port.requiredOneOf("protocol", PROTOCOLS);
          port.follows("appProtocol", Names::qualifiedName);
        });
    int count = slice.path("endpoints").size();
    if (count > 1000) {
      errors.tooMany(root.at("endpoints"), count, 1000);
      return;
    }
    root.each("endpoints", e -> endpoint(e, root.text("addressType")));
  }

  private static void endpoint(At endpoint, String type) {
    int count = endpoint.node().path("addresses").size();
    if (count == 0) {
      endpoint.errors().required(endpoint.at("addresses"), "must contain at least 1 address");
    } else if (count > 100) {
      endpoint.errors().tooMany(endpoint.at("addresses"), count, 100);
    }
    endpoint.each(
        "addresses",
        address -> {
          if (type.equals("FQDN")) {
            address.follows(Names::dnsSubdomain);
            return;
          }
          address.follows(Addresses::ip);
          boolean fits =
              type.equals("IPv6")
                  ? Addresses.isIpv6(address.text())
                  : Addresses.isIpv4(address.text());
          if (Addresses.isIp(address.text()) && !fits) {
            address
                .errors()
                .invalid(
                    endpoint.at("addresses"), address.text(), "must be an " + type + " address");
          }
          EndpointAddresses.check(address.text(), address.path(), address.errors());
        });
    endpoint.follows("nodeName", Names::dnsSubdomain);
    endpoint.follows("hostname", Names::dnsLabel);
    endpoint.ifPresent("hints", h -> h.each("forZones", z -> z.follows("name", Names::labelValue)));
  }
}
