package io.troupe.node.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Decides which endpoints serve which Service port on a node. Pure. */
final class Routing {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";
  private static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";
  private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

  /** An endpoint with what traffic policies and topology ask about it. */
  private record Candidate(
      Endpoint endpoint, boolean ready, boolean serving, List<String> zones, List<String> nodes) {}

  private final String nodeName;
  private final String zone;

  Routing(String nodeName, String zone) {
    this.nodeName = nodeName;
    this.zone = zone;
  }

  List<ServicePort> compute(Collection<ObjectNode> services, Collection<ObjectNode> slices) {
    Map<String, List<ObjectNode>> slicesOf = new HashMap<>();
    for (ObjectNode slice : slices) {
      String service = Meta.labels(slice).getOrDefault(SERVICE_LABEL, "");
      if (!service.isEmpty() && Json.text(slice, "addressType").equals("IPv4")) {
        slicesOf
            .computeIfAbsent(Meta.namespace(slice) + "/" + service, k -> new ArrayList<>())
            .add(slice);
      }
    }
    List<ServicePort> ports = new ArrayList<>();
    for (ObjectNode service : services) {
      String name = Meta.namespace(service) + "/" + Meta.name(service);
      if (isProxied(service)) {
        addPorts(ports, name, service, slicesOf.getOrDefault(name, List.of()));
      }
    }
    ports.sort(Comparator.comparing(ServicePort::name));
    return ports;
  }

  private static boolean isProxied(ObjectNode service) {
    String ip = Json.text(service, "spec", "clusterIP");
    return !ip.isEmpty()
        && !ip.equals("None")
        && ip.indexOf(':') < 0
        && !Json.text(service, "spec", "type").equals("ExternalName")
        && !Meta.labels(service).containsKey(PROXY_NAME_LABEL);
  }

  private void addPorts(
      List<ServicePort> ports, String name, ObjectNode service, List<ObjectNode> slices) {
    JsonNode spec = service.get("spec");
    boolean internalLocal = Json.text(spec, "internalTrafficPolicy").equals("Local");
    boolean externalLocal = Json.text(spec, "externalTrafficPolicy").equals("Local");
    int affinity =
        Json.text(spec, "sessionAffinity").equals("ClientIP")
            ? (int)
                Json.number(
                    spec,
                    DEFAULT_AFFINITY_SECONDS,
                    "sessionAffinityConfig",
                    "clientIP",
                    "timeoutSeconds")
            : 0;
    for (JsonNode port : Json.items(spec, "ports")) {
      String portName = Json.text(port, "name");
      List<Candidate> candidates = candidates(slices, portName, protocol(port));
      ports.add(
          new ServicePort(
              name + ":" + portName,
              Json.text(spec, "clusterIP"),
              protocol(port),
              (int) Json.number(port, 0, "port"),
              (int) Json.number(port, 0, "nodePort"),
              externalIps(service),
              affinity,
              choose(candidates, internalLocal),
              choose(candidates, externalLocal),
              externalLocal,
              candidates.stream().anyMatch(c -> c.ready() || c.serving())));
    }
  }

  private static String protocol(JsonNode port) {
    String protocol = Json.text(port, "protocol");
    return protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT);
  }

  private static List<String> externalIps(ObjectNode service) {
    TreeSet<String> ips = new TreeSet<>();
    Json.items(service, "spec", "externalIPs").forEach(ip -> ips.add(ip.asText()));
    for (JsonNode ingress : Json.items(service, "status", "loadBalancer", "ingress")) {
      if (!Json.text(ingress, "ipMode").equals("Proxy")) {
        ips.add(Json.text(ingress, "ip"));
      }
    }
    return ips.stream().filter(ip -> !ip.isEmpty() && ip.indexOf(':') < 0).toList();
  }

  private List<Candidate> candidates(List<ObjectNode> slices, String portName, String protocol) {
    Map<Endpoint, Candidate> found = new TreeMap<>();
    for (ObjectNode slice : slices) {
      for (JsonNode port : Json.items(slice, "ports")) {
        if (Json.text(port, "name").equals(portName)
            && protocol(port).equals(protocol)
            && port.has("port")) {
          addCandidates(found, slice, port.get("port").intValue());
        }
      }
    }
    return List.copyOf(found.values());
  }

  private void addCandidates(Map<Endpoint, Candidate> found, ObjectNode slice, int port) {
    for (JsonNode endpoint : Json.items(slice, "endpoints")) {
      boolean ready = Json.flag(endpoint, true, "conditions", "ready");
      boolean serving = Json.flag(endpoint, ready, "conditions", "serving");
      boolean local = Json.text(endpoint, "nodeName").equals(nodeName);
      List<String> zones = names(endpoint, "forZones");
      List<String> nodes = names(endpoint, "forNodes");
      for (JsonNode address : Json.items(endpoint, "addresses")) {
        Endpoint target = new Endpoint(address.asText(), port, local);
        found.merge(
            target,
            new Candidate(target, ready, serving, zones, nodes),
            (a, b) -> a.ready() ? a : b);
      }
    }
  }

  private static List<String> names(JsonNode endpoint, String hint) {
    return Json.items(endpoint, "hints", hint).stream().map(h -> Json.text(h, "name")).toList();
  }

  /**
   * Ready endpoints, hinted ones first; else, as KEP-1669 says, those that still serve while they
   * terminate.
   */
  private List<Endpoint> choose(List<Candidate> candidates, boolean localOnly) {
    Predicate<Candidate> policy = c -> !localOnly || c.endpoint().local();
    List<Candidate> ready = candidates.stream().filter(policy).filter(Candidate::ready).toList();
    if (ready.isEmpty()) {
      ready = candidates.stream().filter(policy).filter(Candidate::serving).toList();
    } else if (!localOnly) {
      ready = nearest(ready);
    }
    return ready.stream().map(Candidate::endpoint).toList();
  }

  /**
   * Topology hints (KEP-2433): used only when every endpoint has them and some are meant for here.
   */
  private List<Candidate> nearest(List<Candidate> ready) {
    if (ready.stream().noneMatch(c -> c.nodes().isEmpty())) {
      List<Candidate> here = ready.stream().filter(c -> c.nodes().contains(nodeName)).toList();
      if (!here.isEmpty()) {
        return here;
      }
    }
    if (zone.isEmpty() || ready.stream().anyMatch(c -> c.zones().isEmpty())) {
      return ready;
    }
    List<Candidate> here = ready.stream().filter(c -> c.zones().contains(zone)).toList();
    return here.isEmpty() ? ready : here;
  }
}
