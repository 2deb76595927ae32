package io.troupe.control.controllers.garbage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which objects name an owner, by its uid: an index over all types that the view lacks. */
final class Dependents {
  /** Where an object is. */
  record Ref(Resource type, String namespace, String name) {
    static Ref of(Resource type, JsonNode object) {
      return new Ref(type, Meta.namespace(object), Meta.name(object));
    }
  }

  /** A dependent as it is now, with its reference to the owner in question. */
  record Dependent(Resource type, ObjectNode object, JsonNode reference) {}

  private final Map<String, Set<Ref>> byOwner = new ConcurrentHashMap<>();

  void take(ObjectChange change) {
    Ref ref = Ref.of(change.type(), change.object());
    List<String> before = owners(change.before());
    List<String> after = owners(change.after());
    before.stream().filter(uid -> !after.contains(uid)).forEach(uid -> remove(uid, ref));
    after.forEach(
        uid ->
            byOwner.compute(
                uid,
                (key, refs) -> {
                  Set<Ref> all = refs == null ? ConcurrentHashMap.newKeySet() : refs;
                  all.add(ref);
                  return all;
                }));
  }

  private void remove(String uid, Ref ref) {
    byOwner.computeIfPresent(
        uid,
        (key, refs) -> {
          refs.remove(ref);
          return refs.isEmpty() ? null : refs;
        });
  }

  private static List<String> owners(ObjectNode object) {
    return object == null
        ? List.of()
        : Json.items(object, "metadata", "ownerReferences").stream()
            .map(ref -> Json.text(ref, "uid"))
            .toList();
  }

  Set<Ref> refs(String ownerUid) {
    return byOwner.getOrDefault(ownerUid, Set.of());
  }

  List<Dependent> of(ObjectNode owner, ClusterView view) {
    List<Dependent> dependents = new ArrayList<>();
    for (Ref ref : refs(Meta.uid(owner))) {
      Optional<ObjectNode> object = view.find(ref.type, ref.namespace, ref.name);
      object.ifPresent(
          found ->
              Json.items(found, "metadata", "ownerReferences").stream()
                  .filter(r -> Json.text(r, "uid").equals(Meta.uid(owner)))
                  .findFirst()
                  .ifPresent(r -> dependents.add(new Dependent(ref.type, found, r))));
    }
    return dependents;
  }
}
