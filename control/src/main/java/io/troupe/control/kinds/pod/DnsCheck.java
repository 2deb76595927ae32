package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;
import java.util.List;

/** A pod's resolver configuration and host aliases. */
final class DnsCheck {
  private DnsCheck() {}

  static void config(At spec) {
    At config = spec.child("dnsConfig");
    if (spec.text("dnsPolicy").equals("None")) {
      if (!spec.has("dnsConfig")) {
        spec.errors().required(config.path(), "must provide `dnsConfig` when `dnsPolicy` is None");
        return;
      }
      if (config.lacks("nameservers")) {
        config
            .errors()
            .required(
                config.at("nameservers"),
                "must provide at least one DNS nameserver when `dnsPolicy` is None");
        return;
      }
    }
    spec.ifPresent("dnsConfig", DnsCheck::lists);
    spec.each(
        "hostAliases",
        alias -> {
          alias.errors().invalid(alias.at("ip"), alias.text("ip"), Addresses.ip(alias.text("ip")));
          alias.each("hostnames", h -> h.follows(Names::dnsSubdomain));
        });
  }

  private static void lists(At config) {
    if (config.node().path("nameservers").size() > 3) {
      config.invalid("nameservers", "must not have more than 3 nameservers");
    }
    config.each("nameservers", n -> n.follows(Addresses::ip));
    List<JsonNode> searches = Json.items(config.node(), "searches");
    if (searches.size() > 32) {
      config.invalid("searches", "must not have more than 32 search paths");
    }
    if (searches.stream().mapToInt(s -> s.asText().length() + 1).sum() > 2049) {
      config.invalid(
          "searches",
          "must not have more than 2048 characters (including spaces) in the search list");
    }
    config.each(
        "searches",
        s -> {
          String search = s.text();
          if (!search.equals(".")) {
            String plain = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            s.errors().invalid(s.path(), plain, Names.dnsSubdomain(plain.replace('_', 'a')));
          }
        });
    config.each(
        "options",
        o -> {
          if (o.lacks("name")) {
            o.errors().required(o.path(), "must not be empty");
          }
        });
  }
}
