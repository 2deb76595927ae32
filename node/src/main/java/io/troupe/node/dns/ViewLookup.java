package io.troupe.node.dns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Indexes of Services and EndpointSlices by what DNS asks for, kept current by following a view.
 */
final class ViewLookup implements Records.Lookup, AutoCloseable {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private final Map<String, ObjectNode> services = new ConcurrentHashMap<>();
  private final Map<String, Map<String, ObjectNode>> slicesOf = new ConcurrentHashMap<>();
  private final Map<String, String> serviceOfIp = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> namesOfIp = new ConcurrentHashMap<>();
  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
  private final List<Subscription> subscriptions = new ArrayList<>();

  ViewLookup(ClusterView view) {
    subscriptions.add(view.follow(Resources.NAMESPACES, this::onNamespace));
    subscriptions.add(view.follow(Resources.SERVICES, this::onService));
    subscriptions.add(view.follow(Resources.ENDPOINT_SLICES, this::onSlice));
  }

  private void onNamespace(ObjectChange change) {
    String name = Meta.name(change.object());
    if (change.after() == null) {
      namespaces.remove(name);
    } else {
      namespaces.add(name);
    }
  }

  private void onService(ObjectChange change) {
    String key = key(change.object());
    if (change.before() != null) {
      ips(change.before()).forEach(ip -> serviceOfIp.remove(ip, key));
    }
    if (change.after() == null) {
      services.remove(key);
    } else {
      services.put(key, change.after());
      ips(change.after()).forEach(ip -> serviceOfIp.put(ip, key));
    }
  }

  private void onSlice(ObjectChange change) {
    if (change.before() != null) {
      names(change.before()).forEach((name, ip) -> dropName(ip, name));
      Map<String, ObjectNode> slices = slicesOf.get(serviceKey(change.before()));
      if (slices != null) {
        slices.remove(Meta.name(change.before()));
      }
    }
    if (change.after() != null) {
      slicesOf
          .computeIfAbsent(serviceKey(change.after()), k -> new ConcurrentHashMap<>())
          .put(Meta.name(change.after()), change.after());
      names(change.after())
          .forEach(
              (name, ip) ->
                  namesOfIp.computeIfAbsent(ip, k -> ConcurrentHashMap.newKeySet()).add(name));
    }
  }

  private void dropName(String ip, String name) {
    namesOfIp.computeIfPresent(
        ip,
        (k, names) -> {
          names.remove(name);
          return names.isEmpty() ? null : names;
        });
  }

  private static Map<String, String> names(ObjectNode slice) {
    Map<String, String> names = new ConcurrentHashMap<>();
    String service = Meta.labels(slice).getOrDefault(SERVICE_LABEL, "");
    for (Records.Host host : Records.hosts(slice, true)) {
      names.put(host.label() + "." + service + "." + Meta.namespace(slice), host.ip());
    }
    return names;
  }

  private static List<String> ips(ObjectNode service) {
    return Json.items(service, "spec", "clusterIPs").stream()
        .map(JsonNode::asText)
        .filter(ip -> !ip.equals("None"))
        .toList();
  }

  private static String key(ObjectNode object) {
    return Meta.namespace(object) + "/" + Meta.name(object);
  }

  private static String serviceKey(ObjectNode slice) {
    return Meta.namespace(slice) + "/" + Meta.labels(slice).getOrDefault(SERVICE_LABEL, "");
  }

  @Override
  public Optional<ObjectNode> service(String namespace, String name) {
    return Optional.ofNullable(services.get(namespace + "/" + name));
  }

  @Override
  public List<ObjectNode> slices(String namespace, String service) {
    return List.copyOf(slicesOf.getOrDefault(namespace + "/" + service, Map.of()).values());
  }

  @Override
  public boolean namespaceExists(String namespace) {
    return namespaces.contains(namespace);
  }

  @Override
  public Optional<String> serviceWithIp(String ip) {
    return Optional.ofNullable(serviceOfIp.get(ip));
  }

  /** Only endpoints of headless Services have names of their own. */
  @Override
  public List<String> endpointNamesWithIp(String ip) {
    return namesOfIp.getOrDefault(ip, Set.of()).stream().filter(this::isHeadless).sorted().toList();
  }

  private boolean isHeadless(String name) {
    String[] parts = name.split("\\.");
    int size = parts.length;
    return size >= 3
        && service(parts[size - 1], parts[size - 2])
            .filter(s -> Json.text(s, "spec", "clusterIP").equals("None"))
            .isPresent();
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
