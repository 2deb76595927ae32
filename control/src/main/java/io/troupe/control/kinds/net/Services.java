package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Service. Its addresses and ports are allocated before it comes here. */
final class Services {
  private static final int LOAD_BALANCER_WIDTH = 16;

  private Services() {}

  static Strategy strategy() {
    return Strategy.of("", "Service")
        .nameRule(Names::dnsLabel)
        .with(Trait.CREATE_ON_UPDATE)
        .defaults(Services::defaults)
        .prepareCreate((s, facts) -> ServiceUpdate.singularAndPlural(Json.ensure(s, "spec")))
        .prepareUpdate(ServiceUpdate::prepare)
        .validate((s, errors) -> ServiceCheck.check(s, errors))
        .alsoOnUpdate(ServiceCheck::update)
        .selectable("spec.clusterIP", o -> Json.text(o, "spec", "clusterIP"))
        .selectable("spec.type", o -> Json.text(o, "spec", "type"))
        .columns(
            Columns.of("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "+Selector")
                .row(
                    (s, now, row) -> {
                      row.add(Json.text(s, "spec", "type"));
                      String ip = Json.text(s, "spec", "clusterIP");
                      row.add(ip.isEmpty() ? "<none>" : ip);
                      row.add(externalIp(s));
                      row.add(ports(s));
                      row.add(Columns.age(s, now));
                      row.add(Selectors.shownLabels(Json.at(s, "spec", "selector")));
                    }))
        .build();
  }

  private static void defaults(ObjectNode service) {
    ObjectNode spec = Json.ensure(service, "spec");
    Fill.text(spec, "sessionAffinity", "None");
    Fill.text(spec, "type", "ClusterIP");
    affinity(spec);
    Fill.each(spec, "ports", Services::port);
    String type = Json.text(spec, "type");
    if (ServiceUpdate.isExternal(spec)) {
      Fill.text(spec, "externalTrafficPolicy", "Cluster");
    }
    if (!type.equals("ExternalName")) {
      Fill.text(spec, "internalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Fill.flag(spec, "allocateLoadBalancerNodePorts", true);
      if (service.path("status").path("loadBalancer") instanceof ObjectNode balancer) {
        Fill.each(
            balancer,
            "ingress",
            i -> {
              if (!Json.text(i, "ip").isEmpty()) {
                Fill.text(i, "ipMode", "VIP");
              }
            });
      }
    }
  }

  private static void affinity(ObjectNode spec) {
    switch (Json.text(spec, "sessionAffinity")) {
      case "None" -> spec.remove("sessionAffinityConfig");
      case "ClientIP" -> {
        if (!Json.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds").isNumber()) {
          Json.ensure(spec, "sessionAffinityConfig", "clientIP").put("timeoutSeconds", 10800);
        }
      }
      default -> {}
    }
  }

  private static void port(ObjectNode port) {
    Fill.text(port, "protocol", "TCP");
    JsonNode target = port.get("targetPort");
    boolean empty =
        target == null
            || target.isNull()
            || (target.isTextual() ? target.textValue().isEmpty() : target.asLong() == 0);
    if (empty && port.has("port")) {
      port.set("targetPort", port.get("port"));
    }
  }

  private static String externalIp(ObjectNode service) {
    List<String> given = new ArrayList<>();
    Json.items(service, "spec", "externalIPs").forEach(i -> given.add(i.asText()));
    return switch (Json.text(service, "spec", "type")) {
      case "ClusterIP", "NodePort" -> given.isEmpty() ? "<none>" : String.join(",", given);
      case "LoadBalancer" -> {
        String balancer = balancer(Json.at(service, "status", "loadBalancer"));
        if (!balancer.isEmpty()) {
          given.addFirst(balancer);
        }
        yield given.isEmpty() ? "<pending>" : String.join(",", given);
      }
      case "ExternalName" -> Json.text(service, "spec", "externalName");
      default -> "<unknown>";
    };
  }

  /** The addresses of a load balancer, cut to the column. */
  static String balancer(JsonNode balancer) {
    TreeSet<String> addresses = new TreeSet<>();
    for (JsonNode ingress : Json.items(balancer, "ingress")) {
      String ip = Json.text(ingress, "ip");
      addresses.add(ip.isEmpty() ? Json.text(ingress, "hostname") : ip);
    }
    addresses.remove("");
    String shown = String.join(",", addresses);
    return shown.length() > LOAD_BALANCER_WIDTH
        ? shown.substring(0, LOAD_BALANCER_WIDTH - 3) + "..."
        : shown;
  }

  private static String ports(ObjectNode service) {
    List<String> pieces = new ArrayList<>();
    for (JsonNode port : Json.items(service, "spec", "ports")) {
      long node = Json.number(port, 0, "nodePort");
      pieces.add(
          Json.number(port, 0, "port")
              + (node > 0 ? ":" + node : "")
              + "/"
              + Json.text(port, "protocol"));
    }
    return pieces.isEmpty() ? "<none>" : String.join(",", pieces);
  }
}
