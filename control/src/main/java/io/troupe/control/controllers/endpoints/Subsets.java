package io.troupe.control.controllers.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The subsets of an Endpoints object: ports that are offered at the same addresses are listed
 * together, everything in a fixed order.
 */
final class Subsets {
  private static final int ADDRESSES_AT_MOST = 1000;

  /** Addresses by their text, so sorted; a ready one is listed apart from one that is not. */
  private record Group(TreeMap<String, ObjectNode> ready, TreeMap<String, ObjectNode> notReady) {
    String identity() {
      return ready.values() + "|" + notReady.values();
    }
  }

  private final ObjectNode service;

  Subsets(ObjectNode service) {
    this.service = service;
  }

  ArrayNode of(List<ObjectNode> pods) {
    Map<String, Group> byPort = new TreeMap<>();
    Map<String, ObjectNode> ports = new TreeMap<>();
    for (ObjectNode pod : pods) {
      Optional<String> address = address(pod);
      if (address.isEmpty() || (Meta.isDeleting(pod) && !Backends.publishesNotReady(service))) {
        continue;
      }
      if (Json.at(service, "spec", "ports").isEmpty()) {
        add(byPort, "", pod, address.get());
      }
      for (JsonNode servicePort : Json.at(service, "spec", "ports")) {
        Backends.port(pod, servicePort)
            .ifPresent(
                number -> {
                  ObjectNode port = port(servicePort, number);
                  ports.put(Trees.canonical(port), port);
                  add(byPort, Trees.canonical(port), pod, address.get());
                });
      }
    }
    return packed(byPort, ports);
  }

  private Optional<String> address(JsonNode pod) {
    JsonNode families = Json.at(service, "spec", "ipFamilies");
    boolean wantsIpv6 =
        families.isEmpty()
            ? Backends.isIpv6(Json.text(service, "spec", "clusterIP"))
            : families.get(0).asText().equals("IPv6");
    return Backends.addresses(pod).stream()
        .filter(a -> Backends.isIpv6(a) == wantsIpv6)
        .findFirst();
  }

  private void add(Map<String, Group> byPort, String port, JsonNode pod, String ip) {
    ObjectNode address = Json.object();
    address.put("ip", ip);
    if (Backends.hasHostname(pod, service)) {
      address.put("hostname", Json.text(pod, "spec", "hostname"));
    }
    if (!Pods.nodeName(pod).isEmpty()) {
      address.put("nodeName", Pods.nodeName(pod));
    }
    address
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("namespace", Meta.namespace(pod))
        .put("name", Meta.name(pod))
        .put("uid", Meta.uid(pod));
    Group group = byPort.computeIfAbsent(port, k -> new Group(new TreeMap<>(), new TreeMap<>()));
    boolean ready = Backends.publishesNotReady(service) || Pods.isReady(pod);
    (ready ? group.ready : group.notReady).put(ip + Meta.uid(pod), address);
  }

  private static ObjectNode port(JsonNode servicePort, int number) {
    ObjectNode port = Json.object();
    String name = Json.text(servicePort, "name");
    if (!name.isEmpty()) {
      port.put("name", name);
    }
    port.put("port", number).put("protocol", Backends.protocol(servicePort));
    if (servicePort.has("appProtocol")) {
      port.set("appProtocol", servicePort.get("appProtocol"));
    }
    return port;
  }

  private static ArrayNode packed(Map<String, Group> byPort, Map<String, ObjectNode> ports) {
    Map<String, ObjectNode> subsets = new TreeMap<>();
    byPort.forEach(
        (key, group) -> {
          ObjectNode subset = subsets.computeIfAbsent(group.identity(), k -> subset(group));
          if (ports.containsKey(key)) {
            subset.withArray("ports").add(ports.get(key));
          }
        });
    ArrayNode all = Json.array();
    subsets.values().forEach(all::add);
    return all;
  }

  private static ObjectNode subset(Group group) {
    ObjectNode subset = Json.object();
    if (!group.ready.isEmpty()) {
      group.ready.values().forEach(subset.putArray("addresses")::add);
    }
    if (!group.notReady.isEmpty()) {
      group.notReady.values().forEach(subset.putArray("notReadyAddresses")::add);
    }
    return subset;
  }

  /** Cuts a list that grew too long, not ready addresses first; returns whether it fitted. */
  static boolean truncate(ArrayNode subsets) {
    int surplus = -ADDRESSES_AT_MOST;
    for (JsonNode subset : subsets) {
      surplus += subset.path("addresses").size() + subset.path("notReadyAddresses").size();
    }
    boolean fitted = surplus <= 0;
    for (String field : new String[] {"notReadyAddresses", "addresses"}) {
      for (JsonNode subset : subsets) {
        while (surplus > 0 && subset.path(field) instanceof ArrayNode list && !list.isEmpty()) {
          list.remove(list.size() - 1);
          surplus--;
        }
      }
    }
    return fitted;
  }
}
