package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.runtime.cri.Cri;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A pod's resolver: servers, search domains, options.
 *
 * @param clusterServers addresses of the cluster's DNS
 * @param nodeResolver text of the node's {@code resolv.conf}
 */
public record DnsSettings(List<String> clusterServers, String clusterDomain, String nodeResolver) {
  private static final int SERVERS_MAX = 3;
  private static final int SEARCHES_MAX = 32;
  private static final int SEARCH_CHARACTERS_MAX = 2048;

  public DnsSettings {
    clusterServers = List.copyOf(clusterServers);
  }

  Cri.DNSConfig of(JsonNode pod) {
    List<String> servers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    String policy = Json.text(pod, "spec", "dnsPolicy");
    if (!policy.equals("None")) {
      readNode(servers, searches, options);
      boolean cluster =
          policy.equals("ClusterFirstWithHostNet")
              || (!policy.equals("Default") && !PodSpec.isHostNetwork(pod));
      if (cluster && !clusterServers.isEmpty()) {
        servers = new ArrayList<>(clusterServers);
        searches.addAll(
            0,
            List.of(
                Meta.namespace(pod) + ".svc." + clusterDomain,
                "svc." + clusterDomain,
                clusterDomain));
        options = new LinkedHashMap<>(Map.of("ndots", "5"));
      }
    }
    JsonNode own = Json.at(pod, "spec", "dnsConfig");
    for (JsonNode server : Json.items(own, "nameservers")) {
      servers.add(server.asText());
    }
    for (JsonNode search : Json.items(own, "searches")) {
      searches.add(search.asText());
    }
    for (JsonNode option : Json.items(own, "options")) {
      options.put(Json.text(option, "name"), Json.text(option, "value"));
    }
    return Cri.DNSConfig.newBuilder()
        .addAllServers(new LinkedHashSet<>(servers).stream().limit(SERVERS_MAX).toList())
        .addAllSearches(fitting(new LinkedHashSet<>(searches)))
        .addAllOptions(
            options.entrySet().stream()
                .map(e -> e.getValue().isEmpty() ? e.getKey() : e.getKey() + ":" + e.getValue())
                .toList())
        .build();
  }

  private void readNode(List<String> servers, List<String> searches, Map<String, String> options) {
    for (String line : nodeResolver.lines().toList()) {
      String[] words = line.strip().split("\\s+");
      List<String> values = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> servers.addAll(values.subList(0, Math.min(1, values.size())));
        case "search" -> {
          searches.clear();
          values.stream()
              .filter(v -> !v.equals("."))
              .map(v -> v.endsWith(".") ? v.substring(0, v.length() - 1) : v)
              .forEach(searches::add);
        }
        case "options" -> {
          for (String value : values) {
            String[] parts = value.split(":", 2);
            options.put(parts[0], parts.length > 1 ? parts[1] : "");
          }
        }
        default -> {
          // Comments, and settings that containers do not inherit.
        }
      }
    }
  }

  private static List<String> fitting(LinkedHashSet<String> searches) {
    List<String> fitting = new ArrayList<>();
    int characters = 0;
    for (String search : searches) {
      characters += search.length() + (fitting.isEmpty() ? 0 : 1);
      if (fitting.size() == SEARCHES_MAX || characters > SEARCH_CHARACTERS_MAX) {
        break;
      }
      fitting.add(search);
    }
    return fitting;
  }
}
