package io.troupe.control.controllers;

import io.troupe.api.object.Resource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which types the API server serves now that can be listed, watched and deleted, each object type
 * once.
 */
public record ServedResources(Supplier<List<Resource>> all) {

  /** The type that an owner reference names; empty when the API server does not serve it. */
  public Optional<Resource> byKind(String apiVersion, String kind) {
    return all.get().stream()
        .filter(r -> r.kind().equals(kind) && sameGroup(r, apiVersion))
        .findFirst();
  }

  public Optional<Resource> byType(String type) {
    return all.get().stream().filter(r -> r.type().toString().equals(type)).findFirst();
  }

  public List<Resource> namespaced() {
    return all.get().stream().filter(Resource::namespaced).toList();
  }

  /** Every served version of a group shows the same objects. */
  private static boolean sameGroup(Resource resource, String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return resource.group().equals(slash < 0 ? "" : apiVersion.substring(0, slash));
  }
}
