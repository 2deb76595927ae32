package io.troupe.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The types that the API serves, found by any of their names as kubectl finds them. */
public final class Types {
  static final String ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private record Served(Resource resource, List<String> names, boolean listed) {}

  private final List<Served> served = new ArrayList<>();

  private Types() {}

  /** From the two aggregated discovery documents. */
  static Types of(JsonNode core, JsonNode groups) {
    Types types = new Types();
    Json.items(core, "items").forEach(types::addGroup);
    Json.items(groups, "items").forEach(types::addGroup);
    return types;
  }

  /** A type that several versions serve counts in the preferred one, which stands first. */
  private void addGroup(JsonNode group) {
    String name = Json.text(group, "metadata", "name");
    for (JsonNode version : Json.items(group, "versions")) {
      for (JsonNode r : Json.items(version, "resources")) {
        String plural = Json.text(r, "resource");
        if (served.stream().noneMatch(s -> s.resource().group().equals(name) && s.resource().plural().equals(plural))) {
          add(name, Json.text(version, "version"), r);
        }
      }
    }
  }

  private void add(String group, String version, JsonNode r) {
    String plural = Json.text(r, "resource");
    String kind = Json.text(r, "responseKind", "kind");
    boolean namespaced = Json.text(r, "scope").equals("Namespaced");
    List<String> names = new ArrayList<>(List.of(plural, kind.toLowerCase(Locale.ROOT), Json.text(r, "singularResource")));
    Json.items(r, "shortNames").forEach(n -> names.add(n.asText()));
    boolean listed = Json.items(r, "verbs").stream().anyMatch(v -> v.asText().equals("list"));
    served.add(new Served(new Resource(group, version, plural, kind, namespaced), names, listed));
  }

  /** By plural, singular, kind or short name, with the group after a dot where that is needed. */
  public Optional<Resource> find(String word) {
    String wanted = word.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    String name = dot < 0 ? wanted : wanted.substring(0, dot);
    String group = dot < 0 ? null : wanted.substring(dot + 1);
    return served.stream()
        .filter(s -> s.names().contains(name) && (group == null || s.resource().group().equals(group)))
        .map(Served::resource)
        .findFirst();
  }

  /** All that can be listed; Events once, since both of their groups show the same objects. */
  public List<Resource> listed() {
    return served.stream()
        .filter(Served::listed)
        .map(Served::resource)
        .filter(r -> !r.type().toString().equals("events.events.k8s.io"))
        .toList();
  }
}
