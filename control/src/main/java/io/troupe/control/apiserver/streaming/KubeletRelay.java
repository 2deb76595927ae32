package io.troupe.control.apiserver.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.ApiServerSettings;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.RequestInfo;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Finds out where a streaming subresource leads, and relays there. */
public final class KubeletRelay {
  private static final int KUBELET_PORT = 10_250;
  private static final Set<String> QUERY_OF_LOG =
      Set.of(
          "follow",
          "previous",
          "sinceSeconds",
          "sinceTime",
          "timestamps",
          "tailLines",
          "limitBytes",
          "stream");

  private final ClusterView view;
  private final HttpRelay relay;

  public KubeletRelay(Vertx vertx, ClusterView view, ApiServerSettings settings) {
    this.view = view;
    this.relay = new HttpRelay(vertx, settings);
  }

  /** Relays when the request is for a streaming subresource. */
  public boolean relays(Exchange exchange) {
    RequestInfo info = exchange.info();
    if (!info.group().isEmpty() || !info.version().equals("v1")) {
      return false;
    }
    switch (info.resource() + "/" + info.subresource()) {
      case "pods/log" -> log(exchange);
      case "pods/exec" -> container(exchange, "exec");
      case "pods/attach" -> container(exchange, "attach");
      case "pods/portforward" -> portForward(exchange);
      case "nodes/proxy" -> nodeProxy(exchange);
      case "pods/proxy" -> podProxy(exchange);
      case "services/proxy" -> serviceProxy(exchange);
      default -> {
        return false;
      }
    }
    return true;
  }

  private ObjectNode find(Resource type, String namespace, String name) {
    return view.find(type, namespace, name)
        .orElseThrow(() -> new RefusedException(Refusal.notFound(type.type(), name)));
  }

  private ObjectNode pod(Exchange exchange) {
    return find(Resources.PODS, exchange.info().namespace(), exchange.info().name());
  }

  private Target kubeletOf(ObjectNode pod) {
    String nodeName = Json.text(pod, "spec", "nodeName");
    if (nodeName.isEmpty()) {
      throw new RefusedException(
          Refusal.badRequest(
              "pod %s does not have a host assigned"
                  .formatted(Json.text(pod, "metadata", "name"))));
    }
    return kubelet(find(Resources.NODES, "", nodeName));
  }

  private static Target kubelet(ObjectNode node) {
    int port =
        (int)
            Json.number(node, KUBELET_PORT, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
    for (String type : List.of("InternalIP", "Hostname", "ExternalIP")) {
      for (JsonNode address : Json.items(node, "status", "addresses")) {
        if (Json.text(address, "type").equals(type)) {
          return new Target(Json.text(address, "address"), port, true, true, "");
        }
      }
    }
    throw new RefusedException(Refusal.unavailable("the node of the pod has no address"));
  }

  private static String containerOf(ObjectNode pod, String asked) {
    String name = Json.text(pod, "metadata", "name");
    List<String> all =
        Json.items(pod, "spec", "containers").stream().map(c -> Json.text(c, "name")).toList();
    if (asked.isEmpty()) {
      String preferred =
          Json.text(pod, "metadata", "annotations", "kubectl.kubernetes.io/default-container");
      if (all.size() == 1 || all.contains(preferred)) {
        return all.contains(preferred) ? preferred : all.getFirst();
      }
      throw new RefusedException(
          Refusal.badRequest(
              "a container name must be specified for pod %s, choose one of: [%s]"
                  .formatted(name, String.join(" ", all))));
    }
    for (String field : List.of("containers", "initContainers", "ephemeralContainers")) {
      if (Json.items(pod, "spec", field).stream()
          .anyMatch(c -> Json.text(c, "name").equals(asked))) {
        return asked;
      }
    }
    throw new RefusedException(
        Refusal.badRequest("container %s is not valid for pod %s".formatted(asked, name)));
  }

  private static String at(ObjectNode pod) {
    return Json.text(pod, "metadata", "namespace") + "/" + Json.text(pod, "metadata", "name");
  }

  private void log(Exchange exchange) {
    ObjectNode pod = pod(exchange);
    String container = containerOf(pod, exchange.query().text("container"));
    StringBuilder query = new StringBuilder();
    for (String parameter : QUERY_OF_LOG) {
      if (exchange.query().has(parameter)) {
        append(query, parameter, exchange.query().text(parameter));
      }
    }
    if (Json.text(pod, "spec", "nodeName").isEmpty()) {
      exchange.answer(200, "text/plain", new byte[0]);
      return;
    }
    relay.relay(
        exchange, kubeletOf(pod).path("/containerLogs/" + at(pod) + "/" + container + query));
  }

  private static void append(StringBuilder query, String name, String value) {
    query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
    query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  private void container(Exchange exchange, String what) {
    ObjectNode pod = pod(exchange);
    String container = containerOf(pod, exchange.query().text("container"));
    StringBuilder query = new StringBuilder();
    exchange.query().all("command").forEach(c -> append(query, "command", c));
    for (String stream : List.of("stdin", "stdout", "stderr", "tty")) {
      if (exchange.query().flag(stream)) {
        append(
            query,
            stream.equals("tty")
                ? "tty"
                : stream
                    .replace("stdin", "input")
                    .replace("stdout", "output")
                    .replace("stderr", "error"),
            "1");
      }
    }
    relay.relay(
        exchange, kubeletOf(pod).path("/" + what + "/" + at(pod) + "/" + container + query));
  }

  private void portForward(Exchange exchange) {
    ObjectNode pod = pod(exchange);
    StringBuilder query = new StringBuilder();
    exchange.query().all("ports").forEach(p -> append(query, "port", p));
    relay.relay(exchange, kubeletOf(pod).path("/portForward/" + at(pod) + query));
  }

  private void nodeProxy(Exchange exchange) {
    ProxyName name = ProxyName.parse(exchange.info().name());
    ObjectNode node = find(Resources.NODES, "", name.name());
    Target kubelet = kubelet(node);
    boolean other = !name.port().isEmpty() && !name.port().equals(Integer.toString(kubelet.port()));
    Target target =
        other
            ? new Target(
                kubelet.host(), number(name.port()), name.scheme().equals("https"), false, "")
            : kubelet;
    relay.relay(exchange, target.path(rest(exchange)));
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new RefusedException(Refusal.badRequest("invalid port: " + port));
    }
  }

  private static String rest(Exchange exchange) {
    String path = exchange.request().path();
    int from = path.indexOf("/proxy");
    String rest = path.substring(from + "/proxy".length());
    String query = exchange.request().query();
    return (rest.isEmpty() ? "/" : rest) + (query == null ? "" : "?" + query);
  }

  private void podProxy(Exchange exchange) {
    ProxyName name = ProxyName.parse(exchange.info().name());
    ObjectNode pod = find(Resources.PODS, exchange.info().namespace(), name.name());
    String ip = Json.text(pod, "status", "podIP");
    if (ip.isEmpty()) {
      throw new RefusedException(Refusal.badRequest("address not allowed"));
    }
    int port = name.port().isEmpty() ? firstPort(pod) : number(name.port());
    relay.relay(exchange, backend(ip, port, name.scheme()).path(rest(exchange)));
  }

  private static int firstPort(ObjectNode pod) {
    for (JsonNode container : Json.items(pod, "spec", "containers")) {
      for (JsonNode port : Json.items(container, "ports")) {
        return (int) Json.number(port, 80, "containerPort");
      }
    }
    return 80;
  }

  private static Target backend(String ip, int port, String scheme) {
    Addresses.refuseLocal(ip);
    return new Target(ip, port, scheme.equals("https"), false, "");
  }

  private void serviceProxy(Exchange exchange) {
    ProxyName name = ProxyName.parse(exchange.info().name());
    ObjectNode service = find(Resources.SERVICES, exchange.info().namespace(), name.name());
    JsonNode port = servicePort(service, name.port());
    ServiceEndpoint endpoint =
        ServiceEndpoint.choose(
            view, exchange.info().namespace(), name.name(), Json.text(port, "name"));
    relay.relay(
        exchange, backend(endpoint.ip(), endpoint.port(), name.scheme()).path(rest(exchange)));
  }

  private static JsonNode servicePort(ObjectNode service, String wanted) {
    List<JsonNode> ports = Json.items(service, "spec", "ports");
    for (JsonNode port : ports) {
      boolean named =
          Json.text(port, "name").equals(wanted)
              || Long.toString(Json.number(port, 0, "port")).equals(wanted);
      if (named || (wanted.isEmpty() && ports.size() == 1)) {
        return port;
      }
    }
    throw new RefusedException(
        Refusal.unavailable(
            "no endpoints available for service \"%s\""
                .formatted(Json.text(service, "metadata", "name"))));
  }
}
