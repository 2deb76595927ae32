package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Facts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a changed service keeps of its allocations, and what goes with its type. */
final class ServiceUpdate {
  private ServiceUpdate() {}

  static void prepare(ObjectNode service, ObjectNode old, Facts facts) {
    ObjectNode spec = Json.ensure(service, "spec");
    JsonNode before = old.path("spec");
    keepAllocations(spec, before);
    clusterIps(spec, before);
    dropOfOtherType(spec, before);
  }

  /** A single address alone also stands in the list. */
  static void singularAndPlural(ObjectNode spec) {
    String ip = Json.text(spec, "clusterIP");
    if (!ip.isEmpty() && Same.isEmpty(spec.get("clusterIPs"))) {
      spec.putArray("clusterIPs").add(ip);
    }
  }

  private static void keepAllocations(ObjectNode spec, JsonNode before) {
    if (needsClusterIp(spec) && needsClusterIp(before)) {
      if (Json.text(spec, "clusterIP").isEmpty() && !Json.text(before, "clusterIP").isEmpty()) {
        spec.set("clusterIP", before.get("clusterIP"));
      }
      keep(spec, before, "clusterIPs");
      keep(spec, before, "ipFamilies");
      keep(spec, before, "ipFamilyPolicy");
    }
    if (needsNodePort(spec) && needsNodePort(before)) {
      nodePorts(spec, before);
    }
    if (needsHealthPort(spec)
        && needsHealthPort(before)
        && Json.number(spec, 0, "healthCheckNodePort") == 0) {
      keep(spec, before, "healthCheckNodePort");
    }
  }

  private static void keep(ObjectNode spec, JsonNode before, String field) {
    if (Same.isEmpty(spec.get(field)) && before.has(field)) {
      spec.set(field, before.get(field));
    }
  }

  private static void nodePorts(ObjectNode spec, JsonNode before) {
    Map<String, Long> held = new HashMap<>();
    Set<Long> used = new HashSet<>();
    Json.items(before, "ports")
        .forEach(p -> held.put(Json.text(p, "name"), Json.number(p, 0, "nodePort")));
    Json.items(spec, "ports").forEach(p -> used.add(Json.number(p, 0, "nodePort")));
    Fill.each(
        spec,
        "ports",
        port -> {
          long kept = held.getOrDefault(Json.text(port, "name"), 0L);
          if (Json.number(port, 0, "nodePort") == 0 && kept != 0 && !used.contains(kept)) {
            port.put("nodePort", (int) kept);
          }
        });
  }

  private static void clusterIps(ObjectNode spec, JsonNode before) {
    if (!Same.equal(spec, before, "clusterIP") && Same.equal(spec, before, "clusterIPs")) {
      spec.remove("clusterIPs");
    }
    singularAndPlural(spec);
  }

  private static void dropOfOtherType(ObjectNode spec, JsonNode before) {
    if (needsClusterIp(before) && !needsClusterIp(spec)) {
      for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
        dropIfSame(spec, before, field);
      }
    }
    if (hasNodePorts(before) && !hasNodePorts(spec)) {
      Set<Long> held = new HashSet<>();
      Json.items(before, "ports").forEach(p -> held.add(Json.number(p, 0, "nodePort")));
      boolean same =
          Json.items(spec, "ports").stream()
              .map(p -> Json.number(p, 0, "nodePort"))
              .allMatch(p -> p == 0 || held.contains(p));
      if (same) {
        Fill.each(spec, "ports", p -> p.remove("nodePort"));
      }
    }
    if (needsHealthPort(before) && !needsHealthPort(spec)) {
      dropIfSame(spec, before, "healthCheckNodePort");
    }
    if (type(before).equals("LoadBalancer") && !type(spec).equals("LoadBalancer")) {
      dropIfSame(spec, before, "allocateLoadBalancerNodePorts");
      dropIfSame(spec, before, "loadBalancerClass");
    }
    if (isExternal(before) && !isExternal(spec)) {
      dropIfSame(spec, before, "externalTrafficPolicy");
    }
  }

  private static void dropIfSame(ObjectNode spec, JsonNode before, String field) {
    if (Same.equal(spec, before, field)) {
      spec.remove(field);
    }
  }

  static String type(JsonNode spec) {
    return Json.text(spec, "type");
  }

  static boolean needsClusterIp(JsonNode spec) {
    return !type(spec).equals("ExternalName");
  }

  private static boolean hasNodePorts(JsonNode spec) {
    return type(spec).equals("NodePort") || type(spec).equals("LoadBalancer");
  }

  static boolean needsNodePort(JsonNode spec) {
    return type(spec).equals("NodePort")
        || (type(spec).equals("LoadBalancer")
            && Json.flag(spec, true, "allocateLoadBalancerNodePorts"));
  }

  static boolean needsHealthPort(JsonNode spec) {
    return type(spec).equals("LoadBalancer")
        && Json.text(spec, "externalTrafficPolicy").equals("Local");
  }

  /** Whether the service can be reached from outside the cluster. */
  static boolean isExternal(JsonNode spec) {
    return hasNodePorts(spec)
        || (type(spec).equals("ClusterIP") && !Json.items(spec, "externalIPs").isEmpty());
  }
}
