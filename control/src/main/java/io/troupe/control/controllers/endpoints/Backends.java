package io.troupe.control.controllers.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Selectors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pods of a service, their addresses and ports. */
final class Backends {
  private Backends() {}

  /** Whether this project's controllers make the service's endpoints. */
  static boolean isSelecting(JsonNode service) {
    return !Json.at(service, "spec", "selector").isMissingNode()
        && !Json.text(service, "spec", "type").equals("ExternalName");
  }

  /** The service's pods that have an address and are not finished, by name. */
  static List<ObjectNode> pods(ClusterView view, JsonNode service) {
    LabelSelector selector = Selectors.ofMap(Json.at(service, "spec", "selector"));
    return view.list(Resources.PODS, Meta.namespace(service)).stream()
        .filter(selector::matchesObject)
        .filter(pod -> !Pods.isFinished(pod))
        .filter(pod -> !addresses(pod).isEmpty())
        .sorted(Comparator.comparing(Meta::name))
        .toList();
  }

  static List<String> addresses(JsonNode pod) {
    List<String> addresses = new ArrayList<>();
    Json.items(pod, "status", "podIPs").forEach(ip -> addresses.add(Json.text(ip, "ip")));
    String single = Json.text(pod, "status", "podIP");
    if (addresses.isEmpty() && !single.isEmpty()) {
      addresses.add(single);
    }
    return addresses;
  }

  static boolean isIpv6(String address) {
    return address.indexOf(':') >= 0;
  }

  static boolean publishesNotReady(JsonNode service) {
    return Json.flag(service, false, "spec", "publishNotReadyAddresses");
  }

  static boolean isHeadless(JsonNode service) {
    String ip = Json.text(service, "spec", "clusterIP");
    return ip.isEmpty() || ip.equals("None");
  }

  static boolean hasHostname(JsonNode pod, JsonNode service) {
    return !Json.text(pod, "spec", "hostname").isEmpty()
        && Json.text(pod, "spec", "subdomain").equals(Meta.name(service));
  }

  /** The container port that a service port means on a pod; empty when the pod has no such name. */
  static Optional<Integer> port(JsonNode pod, JsonNode servicePort) {
    JsonNode target = servicePort.get("targetPort");
    if (target == null) {
      return Optional.of((int) Json.number(servicePort, 0, "port"));
    }
    if (target.isNumber()) {
      return Optional.of(target.intValue());
    }
    List<JsonNode> containers = new ArrayList<>(Json.items(pod, "spec", "containers"));
    Json.items(pod, "spec", "initContainers").stream()
        .filter(c -> Json.text(c, "restartPolicy").equals("Always"))
        .forEach(containers::add);
    return containers.stream()
        .flatMap(c -> Json.items(c, "ports").stream())
        .filter(p -> Json.text(p, "name").equals(target.asText()))
        .filter(p -> protocol(p).equals(protocol(servicePort)))
        .map(p -> (int) Json.number(p, 0, "containerPort"))
        .findFirst();
  }

  static String protocol(JsonNode port) {
    String protocol = Json.text(port, "protocol");
    return protocol.isEmpty() ? "TCP" : protocol;
  }

  /** Pods wake the services that select them, before or after the change. */
  static Input podsOfServices() {
    return new Input(Resources.PODS, Backends::selecting);
  }

  private static Collection<Key> selecting(ObjectChange change, ClusterView view) {
    if (!isRelevant(change)) {
      return List.of();
    }
    Set<Key> keys = new LinkedHashSet<>();
    for (ObjectNode service : view.list(Resources.SERVICES, Meta.namespace(change.object()))) {
      if (!isSelecting(service)) {
        continue;
      }
      LabelSelector selector = Selectors.ofMap(Json.at(service, "spec", "selector"));
      boolean selects =
          (change.before() != null && selector.matchesObject(change.before()))
              || (change.after() != null && selector.matchesObject(change.after()));
      if (selects) {
        keys.add(Key.of(service));
      }
    }
    return keys;
  }

  /** A pod that has no address, before and after, is in no service's endpoints. */
  private static boolean isRelevant(ObjectChange change) {
    return (change.before() != null && !addresses(change.before()).isEmpty())
        || (change.after() != null && !addresses(change.after()).isEmpty());
  }

  /** A node that comes, goes or changes zone wakes the services of its pods. */
  static Input nodesOfServices() {
    return new Input(
        Resources.NODES,
        (change, view) -> {
          if (zone(change.before()).equals(zone(change.after()))) {
            return List.of();
          }
          String node = Meta.name(change.object());
          Set<Key> keys = new LinkedHashSet<>();
          view.list(Resources.PODS, "").stream()
              .filter(pod -> Pods.nodeName(pod).equals(node))
              .forEach(
                  pod -> keys.addAll(selecting(new ObjectChange(Resources.PODS, null, pod), view)));
          return keys;
        });
  }

  /** The zone label; a text that no zone has for a node that is not there. */
  private static String zone(JsonNode node) {
    return node == null ? "?" : zoneOf(node);
  }

  static String zoneOf(JsonNode node) {
    return Meta.labels(node).getOrDefault("topology.kubernetes.io/zone", "");
  }
}
