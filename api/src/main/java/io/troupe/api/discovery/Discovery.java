package io.troupe.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.kinds.Kinds;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The discovery documents of the kinds that a server has at one moment. Groups keep the order of
 * the kinds, the core group apart; versions stand in {@link VersionOrder}.
 */
public final class Discovery {
  /** Media type parameters of aggregated discovery. */
  public static final String AGGREGATED_TYPE =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final Map<String, Map<String, List<Kind>>> groups = new LinkedHashMap<>();

  public Discovery(Kinds kinds) {
    for (Kind kind : kinds.all()) {
      groups
          .computeIfAbsent(kind.resource().group(), group -> new TreeMap<>(new VersionOrder()))
          .computeIfAbsent(kind.resource().version(), version -> new ArrayList<>())
          .add(kind);
    }
  }

  /** {@code GET /api}; the address is host and port of the server, as clients reach it. */
  public ObjectNode legacyVersions(String serverAddress) {
    ObjectNode document = Json.object().put("kind", "APIVersions");
    ArrayNode versions = document.putArray("versions");
    groups.getOrDefault("", Map.of()).keySet().forEach(versions::add);
    document
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", serverAddress);
    return document;
  }

  /** {@code GET /apis}. */
  public ObjectNode groupList() {
    ObjectNode document = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode list = document.putArray("groups");
    groups.keySet().stream().filter(g -> !g.isEmpty()).forEach(g -> list.add(describe(g)));
    return document;
  }

  /** {@code GET /apis/<group>}. */
  public Optional<ObjectNode> group(String group) {
    if (group.isEmpty() || !groups.containsKey(group)) {
      return Optional.empty();
    }
    ObjectNode document = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    document.setAll(describe(group));
    return Optional.of(document);
  }

  /** {@code GET /api/v1} and {@code GET /apis/<group>/<version>}. */
  public Optional<ObjectNode> resourceList(String group, String version) {
    List<Kind> kinds = groups.getOrDefault(group, Map.of()).get(version);
    return kinds == null
        ? Optional.empty()
        : Optional.of(ResourceListing.list(groupVersion(group, version), kinds));
  }

  /** {@code GET /api} as aggregated discovery: the core group. */
  public ObjectNode aggregatedCore() {
    return aggregated(List.of(""));
  }

  /** {@code GET /apis} as aggregated discovery: all groups but the core one. */
  public ObjectNode aggregatedGroups() {
    return aggregated(groups.keySet().stream().filter(group -> !group.isEmpty()).toList());
  }

  private ObjectNode aggregated(List<String> names) {
    ObjectNode document =
        Json.object()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", "apidiscovery.k8s.io/v2");
    document.putObject("metadata");
    ArrayNode items = document.putArray("items");
    for (String name : names) {
      ObjectNode item = items.addObject();
      ObjectNode metadata = item.putObject("metadata");
      if (!name.isEmpty()) {
        metadata.put("name", name);
      }
      ArrayNode versions = item.putArray("versions");
      groups
          .getOrDefault(name, Map.of())
          .forEach((version, kinds) -> versions.add(ResourceListing.aggregated(version, kinds)));
    }
    return document;
  }

  private ObjectNode describe(String group) {
    ObjectNode document = Json.object().put("name", group);
    ArrayNode versions = document.putArray("versions");
    for (String version : groups.get(group).keySet()) {
      versions
          .addObject()
          .put("groupVersion", groupVersion(group, version))
          .put("version", version);
    }
    document.set("preferredVersion", versions.get(0));
    return document;
  }

  private static String groupVersion(String group, String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
