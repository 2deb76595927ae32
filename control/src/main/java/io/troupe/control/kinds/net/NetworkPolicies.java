package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** NetworkPolicy, ServiceCIDR and IPAddress. */
final class NetworkPolicies {
  private NetworkPolicies() {}

  static Strategy networkPolicy() {
    return Strategy.of("networking.k8s.io", "NetworkPolicy")
        .generation()
        .defaults(NetworkPolicies::defaults)
        .validate(NetworkPolicies::validate)
        .columns(
            Columns.of("Name", "Pod-Selector", "Age")
                .row(
                    (p, now, row) -> {
                      row.add(Selectors.shown(Json.at(p, "spec", "podSelector")));
                      row.add(Columns.age(p, now));
                    }))
        .build();
  }

  private static void defaults(ObjectNode policy) {
    ObjectNode spec = Json.ensure(policy, "spec");
    for (String list : List.of("ingress", "egress")) {
      Fill.each(spec, list, r -> Fill.each(r, "ports", p -> Fill.text(p, "protocol", "TCP")));
    }
    if (Same.isEmpty(spec.get("policyTypes"))) {
      ArrayNode types = spec.putArray("policyTypes").add("Ingress");
      if (!Same.isEmpty(spec.get("egress"))) {
        types.add("Egress");
      }
    }
  }

  private static void validate(ObjectNode policy, Errors errors) {
    At spec = At.spec(policy, errors);
    Selectors.check(spec.child("podSelector"));
    spec.each("ingress", rule -> rule(rule, "from"));
    spec.each("egress", rule -> rule(rule, "to"));
    if (spec.node().path("policyTypes").size() > 2) {
      spec.invalid("policyTypes", "may not specify more than two policyTypes");
      return;
    }
    spec.each(
        "policyTypes",
        type -> {
          if (!List.of("Ingress", "Egress").contains(type.text())) {
            errors.notSupported(type.path(), type.text(), List.of("Ingress", "Egress"));
          }
        });
  }

  private static void rule(At rule, String peers) {
    rule.each("ports", NetworkPolicies::port);
    rule.each(peers, NetworkPolicies::peer);
  }

  private static void port(At port) {
    port.oneOf("protocol", List.of("SCTP", "TCP", "UDP"));
    JsonNode number = port.node().path("port");
    if (number.isTextual()) {
      port.errors().invalid(port.at("port"), number, Names.portName(number.textValue()));
      if (port.has("endPort")) {
        port.invalid("endPort", "may not be specified when `port` is non-numeric");
      }
    } else if (number.isNumber()) {
      port.inRange("port", 1, 65535);
      if (port.has("endPort")) {
        if (port.number("endPort", 0) < number.longValue()) {
          port.invalid("endPort", "must be greater than or equal to `port`");
        }
        port.inRange("endPort", 1, 65535);
      }
    } else if (port.has("endPort")) {
      port.invalid("endPort", "may not be specified when `port` is not specified");
    }
  }

  private static void peer(At peer) {
    long peers =
        List.of("podSelector", "namespaceSelector", "ipBlock").stream().filter(peer::has).count();
    peer.ifPresent("podSelector", Selectors::check);
    peer.ifPresent("namespaceSelector", Selectors::check);
    peer.ifPresent(
        "ipBlock",
        block -> {
          if (block.required("cidr")) {
            block.follows("cidr", Addresses::cidr);
          }
          block.each("except", e -> e.follows(Addresses::cidr));
        });
    if (peers == 0) {
      peer.errors().required(peer.path(), "must specify a peer");
    } else if (peers > 1 && peer.has("ipBlock")) {
      peer.errors().forbidden(peer.path(), "may not specify both ipBlock and another peer");
    }
  }

  static Strategy serviceCidr() {
    return Strategy.of("networking.k8s.io", "ServiceCIDR")
        .validate(
            (c, errors) -> {
              At spec = At.spec(c, errors);
              spec.required("cidrs", "at least one CIDR required");
              spec.each("cidrs", cidr -> cidr.follows(Addresses::cidr));
            })
        .columns(
            Columns.of("Name", "CIDRs", "Age")
                .row(
                    (c, now, row) -> {
                      row.add(
                          String.join(
                              ",",
                              Json.items(c, "spec", "cidrs").stream()
                                  .map(JsonNode::asText)
                                  .toList()));
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  static Strategy ipAddress() {
    return Strategy.of("networking.k8s.io", "IPAddress")
        .nameRule(Addresses::ip)
        .validate((a, errors) -> At.spec(a, errors).required("parentRef"))
        .alsoOnUpdate((a, old, e) -> At.spec(a, e).immutable("parentRef", old.path("spec")))
        .selectable("spec.parentRef.name", o -> Json.text(o, "spec", "parentRef", "name"))
        .columns(
            Columns.of("Name", "ParentRef")
                .row((a, now, row) -> row.add(parent(Json.at(a, "spec", "parentRef")))))
        .build();
  }

  private static String parent(JsonNode ref) {
    if (!ref.isObject()) {
      return "<none>";
    }
    String group = Json.text(ref, "group");
    String namespace = Json.text(ref, "namespace");
    return Json.text(ref, "resource")
        + (group.isEmpty() ? "" : "." + group)
        + (namespace.isEmpty() ? "" : "/" + namespace)
        + "/"
        + Json.text(ref, "name");
  }
}
