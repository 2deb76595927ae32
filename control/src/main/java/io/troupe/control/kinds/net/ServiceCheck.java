package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.MetadataCheck;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Validation of services (core {@code validateService}). */
final class ServiceCheck {
  private static final List<String> TYPES =
      List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
  private static final List<String> LOCAL_OR_CLUSTER = List.of("Cluster", "Local");

  private ServiceCheck() {}

  static void check(ObjectNode service, Errors errors) {
    At spec = At.spec(service, errors);
    String type = spec.text("type");
    boolean headless = spec.text("clusterIP").equals("None");
    if (spec.lacks("ports") && !headless && !type.equals("ExternalName")) {
      errors.required(spec.at("ports"), "");
    }
    if (headless && (type.equals("LoadBalancer") || type.equals("NodePort"))) {
      errors.invalid(
          spec.at("clusterIPs").index(0),
          "None",
          "may not be set to 'None' for " + type + " services");
    }
    if (type.equals("ExternalName")) {
      externalName(spec);
    } else {
      ServiceAddresses.check(spec);
    }
    ports(spec, type);
    MetadataCheck.labels(spec.node().get("selector"), spec.at("selector"), errors);
    affinity(spec);
    spec.each(
        "externalIPs",
        ip -> {
          ip.follows(Addresses::ip);
          EndpointAddresses.check(ip.text(), ip.path(), errors);
        });
    spec.requiredOneOf("type", TYPES);
    loadBalancer(spec, type);
    traffic(spec, type);
  }

  private static void externalName(At spec) {
    for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      spec.mayNot(field, "may not be set for ExternalName services");
    }
    String name = spec.text("externalName");
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (plain.isEmpty()) {
      spec.errors().required(spec.at("externalName"), "");
    } else {
      spec.errors().invalid(spec.at("externalName"), plain, Names.dnsSubdomain(plain));
    }
  }

  private static void ports(At spec, String type) {
    boolean several = spec.node().path("ports").size() > 1;
    Set<String> names = new HashSet<>();
    Set<String> nodePorts = new HashSet<>();
    Set<String> ports = new HashSet<>();
    spec.each(
        "ports",
        port -> {
          String name = port.text("name");
          if (several && name.isEmpty()) {
            port.errors().required(port.at("name"), "");
          } else if (!name.isEmpty()) {
            port.follows("name", Names::dnsLabel);
            if (!names.add(name)) {
              port.errors().duplicate(port.at("name"), name);
            }
          }
          long number = port.number("port", 0);
          port.errors().invalid(port.at("port"), number, Names.port(number));
          port.requiredOneOf("protocol", List.of("SCTP", "TCP", "UDP"));
          target(port);
          port.follows("appProtocol", Names::qualifiedName);
          nodePort(port, type, nodePorts);
          if (!ports.add(port.text("protocol") + number)) {
            ObjectNode shown = Json.object();
            shown.put("protocol", port.text("protocol")).put("port", number);
            port.errors().duplicate(port.path(), shown);
          }
        });
  }

  private static void nodePort(At port, String type, Set<String> taken) {
    long node = port.number("nodePort", 0);
    if (node == 0) {
      return;
    }
    if (type.equals("ClusterIP")) {
      port.forbidden("nodePort", "may not be used when `type` is 'ClusterIP'");
    }
    if (!taken.add(port.text("protocol") + node)) {
      port.errors().duplicate(port.at("nodePort"), node);
    }
  }

  private static void target(At port) {
    JsonNode target = port.node().path("targetPort");
    if (target.isTextual()) {
      port.errors().invalid(port.at("targetPort"), target, Names.portName(target.textValue()));
    } else {
      long number = target.asLong(0);
      port.errors().invalid(port.at("targetPort"), number, Names.port(number));
    }
  }

  private static void affinity(At spec) {
    spec.requiredOneOf("sessionAffinity", List.of("ClientIP", "None"));
    if (spec.text("sessionAffinity").equals("ClientIP")) {
      At client = spec.child("sessionAffinityConfig").child("clientIP");
      long seconds = client.number("timeoutSeconds", 0);
      if (seconds <= 0 || seconds > 86400) {
        client
            .errors()
            .invalid(
                client.at("timeoutSeconds"), seconds, "must be greater than 0 and less than 86400");
      }
    }
  }

  private static void loadBalancer(At spec, String type) {
    boolean balanced = type.equals("LoadBalancer");
    if (!spec.lacks("loadBalancerSourceRanges")) {
      At ranges = new At(spec.node(), spec.path(), spec.errors());
      if (!balanced) {
        ranges.forbidden(
            "LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
      }
      List<JsonNode> items = Json.items(spec.node(), "loadBalancerSourceRanges");
      for (int i = 0; i < items.size(); i++) {
        String range = items.get(i).asText().strip();
        spec.errors()
            .invalid(spec.at("LoadBalancerSourceRanges").index(i), range, Addresses.cidr(range));
      }
    }
    if (!balanced && spec.has("allocateLoadBalancerNodePorts")) {
      spec.forbidden(
          "allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
    }
    if (!balanced && spec.has("loadBalancerClass")) {
      spec.forbidden("loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
    }
    if (balanced) {
      spec.follows("loadBalancerClass", Names::qualifiedName);
    }
  }

  private static void traffic(At spec, String type) {
    if (!ServiceUpdate.isExternal(spec.node())) {
      if (!spec.lacks("externalTrafficPolicy")) {
        spec.invalid("externalTrafficPolicy", "may only be set for externally-accessible services");
      }
    } else {
      spec.requiredOneOf("externalTrafficPolicy", LOCAL_OR_CLUSTER);
    }
    if (!type.equals("ExternalName")) {
      spec.required("internalTrafficPolicy");
    }
    spec.oneOf("internalTrafficPolicy", LOCAL_OR_CLUSTER);
    if (!ServiceUpdate.needsHealthPort(spec.node())) {
      if (spec.number("healthCheckNodePort", 0) != 0) {
        spec.invalid(
            "healthCheckNodePort",
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is"
                + " 'Local'");
      }
    } else if (spec.number("healthCheckNodePort", 0) != 0) {
      spec.inRange("healthCheckNodePort", 1, 65535);
    }
    spec.oneOf("trafficDistribution", List.of("PreferClose", "PreferSameZone", "PreferSameNode"));
  }

  static void update(ObjectNode service, ObjectNode old, Errors errors) {
    At spec = At.spec(service, errors);
    JsonNode before = old.path("spec");
    if (!ServiceUpdate.needsClusterIp(spec.node()) || !ServiceUpdate.needsClusterIp(before)) {
      return;
    }
    ServiceAddresses.update(spec, before);
    if (ServiceUpdate.needsHealthPort(spec.node())
        && ServiceUpdate.needsHealthPort(before)
        && !Same.equal(spec.node(), before, "healthCheckNodePort")) {
      spec.forbidden("healthCheckNodePort", "field is immutable");
    }
    if (spec.text("type").equals("LoadBalancer")
        && ServiceUpdate.type(before).equals("LoadBalancer")
        && !Same.equal(spec.node(), before, "loadBalancerClass")) {
      spec.invalid("loadBalancerClass", "may not change once set");
    }
  }
}
