package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Variables by which containers find services: {@code X_SERVICE_HOST} and the older link variables.
 */
final class ServiceEnv {
  private ServiceEnv() {}

  /**
   * Variables of the pod's namespace when links are on, and always of {@code default/kubernetes},
   * unless the namespace has a service of that name.
   */
  static Map<String, String> of(
      List<? extends JsonNode> services, String namespace, boolean links) {
    Map<String, JsonNode> chosen = new LinkedHashMap<>();
    for (JsonNode service : services) {
      String ip = Json.text(service, "spec", "clusterIP");
      if (ip.isEmpty() || ip.equals("None")) {
        continue;
      }
      String name = Meta.name(service);
      boolean master = name.equals("kubernetes") && Meta.namespace(service).equals("default");
      if (links && Meta.namespace(service).equals(namespace)) {
        chosen.put(name, service);
      } else if (master) {
        chosen.putIfAbsent(name, service);
      }
    }
    Map<String, String> env = new LinkedHashMap<>();
    chosen.values().forEach(service -> add(service, env));
    return env;
  }

  private static String variable(String name) {
    return name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private static void add(JsonNode service, Map<String, String> env) {
    String prefix = variable(Meta.name(service));
    String ip = Json.text(service, "spec", "clusterIP");
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    List<JsonNode> ports = Json.items(service, "spec", "ports");
    if (ports.isEmpty()) {
      return;
    }
    env.put(prefix + "_SERVICE_HOST", ip);
    env.put(prefix + "_SERVICE_PORT", Long.toString(port(ports.getFirst())));
    for (JsonNode port : ports) {
      if (!Json.text(port, "name").isEmpty()) {
        env.put(
            prefix + "_SERVICE_PORT_" + variable(Json.text(port, "name")),
            Long.toString(port(port)));
      }
    }
    for (JsonNode port : ports) {
      String protocol = Json.text(port, "protocol").isEmpty() ? "TCP" : Json.text(port, "protocol");
      String url = protocol.toLowerCase(Locale.ROOT) + "://" + host + ":" + port(port);
      env.putIfAbsent(prefix + "_PORT", url);
      String portPrefix = prefix + "_PORT_" + port(port) + "_" + protocol;
      env.put(portPrefix, url);
      env.put(portPrefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
      env.put(portPrefix + "_PORT", Long.toString(port(port)));
      env.put(portPrefix + "_ADDR", ip);
    }
  }

  private static long port(JsonNode port) {
    return Json.number(port, 0, "port");
  }
}
