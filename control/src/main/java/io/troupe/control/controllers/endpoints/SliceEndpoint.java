package io.troupe.control.controllers.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Pods;
import java.util.List;
import java.util.Optional;

/** One endpoint of an EndpointSlice, made from a pod. */
final class SliceEndpoint {
  private SliceEndpoint() {}

  /**
   * @param node the pod's node, null when unknown
   */
  static ObjectNode of(JsonNode pod, JsonNode node, JsonNode service, List<String> addresses) {
    boolean serving = Pods.isReady(pod);
    boolean terminating = Meta.isDeleting(pod);
    boolean ready = Backends.publishesNotReady(service) || (serving && !terminating);
    ObjectNode endpoint = Json.object();
    addresses.forEach(endpoint.putArray("addresses")::add);
    endpoint
        .putObject("conditions")
        .put("ready", ready)
        .put("serving", serving)
        .put("terminating", terminating);
    if (Backends.hasHostname(pod, service)) {
      endpoint.put("hostname", Json.text(pod, "spec", "hostname"));
    }
    endpoint
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("namespace", Meta.namespace(pod))
        .put("name", Meta.name(pod))
        .put("uid", Meta.uid(pod));
    if (!Pods.nodeName(pod).isEmpty()) {
      endpoint.put("nodeName", Pods.nodeName(pod));
    }
    String zone = node == null ? "" : Backends.zoneOf(node);
    if (!zone.isEmpty()) {
      endpoint.put("zone", zone);
    }
    hints(endpoint, service, ready, zone);
    return endpoint;
  }

  /** {@code trafficDistribution}: an endpoint is meant for its own zone, or its own node. */
  private static void hints(ObjectNode endpoint, JsonNode service, boolean ready, String zone) {
    String distribution = Json.text(service, "spec", "trafficDistribution");
    boolean sameNode = distribution.equals("PreferSameNode");
    boolean sameZone =
        distribution.equals("PreferClose") || distribution.equals("PreferSameZone") || sameNode;
    if (!ready || !sameZone || zone.isEmpty()) {
      return;
    }
    ObjectNode hints = endpoint.putObject("hints");
    hints.putArray("forZones").addObject().put("name", zone);
    if (sameNode && endpoint.has("nodeName")) {
      hints.putArray("forNodes").addObject().put("name", Json.text(endpoint, "nodeName"));
    }
  }

  /** The ports of a service as a pod offers them; empty for a headless service without ports. */
  static ArrayNode ports(JsonNode service, JsonNode pod) {
    ArrayNode ports = Json.array();
    for (JsonNode servicePort : Json.at(service, "spec", "ports")) {
      Optional<Integer> number = Backends.port(pod, servicePort);
      if (number.isEmpty()) {
        continue;
      }
      ObjectNode port = ports.addObject();
      port.put("name", Json.text(servicePort, "name"));
      port.put("protocol", Backends.protocol(servicePort)).put("port", number.get());
      if (servicePort.has("appProtocol")) {
        port.set("appProtocol", servicePort.get("appProtocol"));
      }
    }
    return ports;
  }

  /** What makes two endpoints the same one: the pod, and its addresses. */
  static String identity(JsonNode endpoint) {
    return Json.text(endpoint, "targetRef", "uid") + "|" + Json.at(endpoint, "addresses");
  }
}
