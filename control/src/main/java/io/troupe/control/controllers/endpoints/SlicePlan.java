package io.troupe.control.controllers.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.GeneratedName;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The changes that bring the slices of a service in one address family to what its pods want. */
final class SlicePlan {
  private static final int ENDPOINTS_AT_MOST = 100;

  private final Round round;
  private final ObjectNode service;
  private final String family;
  private final List<Write> writes = new ArrayList<>();
  private final Map<String, ArrayNode> portsByKey = new HashMap<>();
  private int created;

  SlicePlan(Round round, ObjectNode service, String family) {
    this.round = round;
    this.service = service;
    this.family = family;
  }

  List<Write> writes(List<ObjectNode> slices) {
    Map<String, Map<String, ObjectNode>> wanted = wanted();
    if (wanted.isEmpty()) {
      portsByKey.put("", Json.array());
      wanted.put("", new LinkedHashMap<>());
    }
    Map<String, List<ObjectNode>> present = new TreeMap<>();
    for (ObjectNode slice : slices) {
      String ports = portsKey(slice.get("ports"));
      if (isOwn(slice) && wanted.containsKey(ports)) {
        present.computeIfAbsent(ports, k -> new ArrayList<>()).add(slice);
      } else {
        writes.add(Write.delete(Resources.ENDPOINT_SLICES, slice));
      }
    }
    wanted.forEach(
        (ports, endpoints) ->
            fill(portsByKey.get(ports), endpoints, present.getOrDefault(ports, List.of())));
    return writes;
  }

  /** Endpoints by identity, in groups of equal ports; pods may name different numbers. */
  private Map<String, Map<String, ObjectNode>> wanted() {
    Map<String, Map<String, ObjectNode>> wanted = new TreeMap<>();
    for (ObjectNode pod : Backends.pods(round.view(), service)) {
      Optional<ObjectNode> node = round.view().find(Resources.NODES, "", Pods.nodeName(pod));
      if (node.isEmpty() && !Backends.publishesNotReady(service)) {
        continue;
      }
      List<String> addresses =
          Backends.addresses(pod).stream()
              .filter(a -> Backends.isIpv6(a) == family.equals("IPv6"))
              .toList();
      if (addresses.isEmpty()) {
        continue;
      }
      ArrayNode ports = SliceEndpoint.ports(service, pod);
      portsByKey.put(portsKey(ports), ports);
      ObjectNode endpoint = SliceEndpoint.of(pod, node.orElse(null), service, addresses);
      wanted
          .computeIfAbsent(portsKey(ports), k -> new LinkedHashMap<>())
          .put(SliceEndpoint.identity(endpoint), endpoint);
    }
    return wanted;
  }

  private static String portsKey(JsonNode ports) {
    if (ports == null || ports.isEmpty()) {
      return "";
    }
    List<String> texts = new ArrayList<>();
    ports.forEach(port -> texts.add(Trees.canonical(port)));
    texts.sort(null);
    return String.join(",", texts);
  }

  /** Endpoints stay where they are; new ones go where there is room, changed slices first. */
  private void fill(ArrayNode ports, Map<String, ObjectNode> wanted, List<ObjectNode> slices) {
    Map<String, ObjectNode> missing = new LinkedHashMap<>(wanted);
    Map<ObjectNode, ArrayNode> next = new LinkedHashMap<>();
    for (ObjectNode slice : slices) {
      ArrayNode kept = Json.array();
      for (JsonNode endpoint : Json.items(slice, "endpoints")) {
        ObjectNode now = missing.remove(SliceEndpoint.identity(endpoint));
        if (now != null && kept.size() < ENDPOINTS_AT_MOST) {
          kept.add(now);
        }
      }
      next.put(slice, kept);
    }
    List<ObjectNode> waiting = new ArrayList<>(missing.values());
    addWhereRoom(next, waiting, true);
    addWhereRoom(next, waiting, false);
    writeChanged(next, wanted.isEmpty());
    boolean none = next.isEmpty();
    while (!waiting.isEmpty() || none) {
      none = false;
      List<ObjectNode> part = take(waiting, ENDPOINTS_AT_MOST);
      create(ports, part);
    }
  }

  private static void addWhereRoom(
      Map<ObjectNode, ArrayNode> next, List<ObjectNode> waiting, boolean onlyChanged) {
    next.forEach(
        (slice, endpoints) -> {
          if (!onlyChanged || !isSame(slice, endpoints)) {
            endpoints.addAll(take(waiting, ENDPOINTS_AT_MOST - endpoints.size()));
          }
        });
  }

  private static List<ObjectNode> take(List<ObjectNode> waiting, int count) {
    List<ObjectNode> part = waiting.subList(0, Math.min(count, waiting.size()));
    List<ObjectNode> taken = List.copyOf(part);
    part.clear();
    return taken;
  }

  /** An empty slice goes, unless it is the placeholder of a service without endpoints. */
  private void writeChanged(Map<ObjectNode, ArrayNode> next, boolean keepsPlaceholder) {
    boolean placeholder = keepsPlaceholder;
    for (Map.Entry<ObjectNode, ArrayNode> entry : next.entrySet()) {
      ObjectNode slice = entry.getKey();
      if (entry.getValue().isEmpty() && !placeholder) {
        writes.add(Write.delete(Resources.ENDPOINT_SLICES, slice));
        continue;
      }
      placeholder = placeholder && !entry.getValue().isEmpty();
      ObjectNode labels = labels();
      if (!isSame(slice, entry.getValue())
          || !JsonEquality.same(Json.at(slice, "metadata", "labels"), labels)) {
        ObjectNode changed = slice.deepCopy();
        changed.set("endpoints", entry.getValue());
        Json.ensure(changed, "metadata").set("labels", labels);
        writes.add(Write.update(Resources.ENDPOINT_SLICES, changed));
      }
    }
  }

  private static boolean isSame(ObjectNode slice, ArrayNode endpoints) {
    JsonNode before = slice.get("endpoints");
    return (before == null || before.isNull())
        ? endpoints.isEmpty()
        : JsonEquality.same(before, endpoints);
  }

  private void create(ArrayNode ports, List<ObjectNode> endpoints) {
    ObjectNode slice = Json.object();
    slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    ObjectNode metadata = slice.putObject("metadata");
    String prefix = Meta.name(service) + "-";
    metadata.put("namespace", Meta.namespace(service)).put("generateName", prefix);
    metadata.put("name", newName(prefix, ports, endpoints));
    metadata.set("labels", labels());
    metadata.putArray("ownerReferences").add(Meta.controllerReference(Resources.SERVICES, service));
    slice.put("addressType", family);
    slice.putArray("endpoints").addAll(endpoints);
    slice.set("ports", ports);
    writes.add(new Write.Create(Resources.ENDPOINT_SLICES, slice));
  }

  private String newName(String prefix, ArrayNode ports, List<ObjectNode> endpoints) {
    String first = endpoints.isEmpty() ? "" : SliceEndpoint.identity(endpoints.getFirst());
    String seed = Meta.uid(service) + family + portsKey(ports) + first + "/" + created;
    created++;
    return GeneratedName.of(
        prefix,
        seed,
        name ->
            round
                .view()
                .find(Resources.ENDPOINT_SLICES, Meta.namespace(service), name)
                .isPresent());
  }

  private ObjectNode labels() {
    ObjectNode labels = Json.object();
    Meta.labels(service).forEach(labels::put);
    labels.remove("service.kubernetes.io/headless");
    if (Backends.isHeadless(service)) {
      labels.put("service.kubernetes.io/headless", "");
    }
    labels.put(EndpointSliceController.SERVICE_NAME, Meta.name(service));
    return labels.put(EndpointSliceController.MANAGED_BY, EndpointSliceController.CONTROLLER);
  }

  private boolean isOwn(ObjectNode slice) {
    return Json.items(slice, "metadata", "ownerReferences").stream()
        .anyMatch(ref -> Json.text(ref, "uid").equals(Meta.uid(service)));
  }
}
