package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.List;

/** Questions to a Service's {@code spec}; a missing node where there is none. */
final class ServiceSpec {
  static final String NONE = "None";

  private ServiceSpec() {}

  static String type(JsonNode spec) {
    String type = Json.text(spec, "type");
    return type.isEmpty() ? "ClusterIP" : type;
  }

  static boolean isExternalName(JsonNode spec) {
    return type(spec).equals("ExternalName");
  }

  static boolean isHeadless(JsonNode spec) {
    List<String> all = clusterIps(spec);
    return Json.text(spec, "clusterIP").equals(NONE)
        || (!all.isEmpty() && all.getFirst().equals(NONE));
  }

  static List<String> clusterIps(JsonNode spec) {
    return texts(spec, "clusterIPs");
  }

  static List<String> texts(JsonNode spec, String field) {
    return Json.items(spec, field).stream().map(JsonNode::asText).toList();
  }

  /** Addresses that the service holds in the range. */
  static List<String> heldAddresses(JsonNode spec) {
    if (isExternalName(spec) || isHeadless(spec)) {
      return List.of();
    }
    List<String> held = new ArrayList<>(clusterIps(spec));
    String single = Json.text(spec, "clusterIP");
    if (held.isEmpty() && !single.isEmpty()) {
      held.add(single);
    }
    return held;
  }

  static boolean mayHaveNodePorts(JsonNode spec) {
    String type = type(spec);
    return type.equals("NodePort") || type.equals("LoadBalancer");
  }

  static boolean needsNodePorts(JsonNode spec) {
    return switch (type(spec)) {
      case "NodePort" -> true;
      case "LoadBalancer" -> Json.flag(spec, true, "allocateLoadBalancerNodePorts");
      default -> false;
    };
  }

  static boolean needsHealthCheckPort(JsonNode spec) {
    return type(spec).equals("LoadBalancer")
        && Json.text(spec, "externalTrafficPolicy").equals("Local");
  }

  static int healthCheckPort(JsonNode spec) {
    return (int) Json.number(spec, 0, "healthCheckNodePort");
  }

  static List<ObjectNode> ports(JsonNode spec) {
    return Json.items(spec, "ports").stream().map(p -> (ObjectNode) p).toList();
  }

  static int nodePort(JsonNode port) {
    return (int) Json.number(port, 0, "nodePort");
  }

  /** Node ports that the service holds, with the one for health checks. */
  static List<Integer> heldPorts(JsonNode spec) {
    List<Integer> held = new ArrayList<>();
    if (mayHaveNodePorts(spec)) {
      ports(spec).stream().map(ServiceSpec::nodePort).filter(p -> p > 0).forEach(held::add);
    }
    if (needsHealthCheckPort(spec) && healthCheckPort(spec) > 0) {
      held.add(healthCheckPort(spec));
    }
    return held;
  }
}
