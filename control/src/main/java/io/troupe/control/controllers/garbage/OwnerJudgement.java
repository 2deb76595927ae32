package io.troupe.control.controllers.garbage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.ServedResources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The owner references of an object in three kinds.
 *
 * @param solid the owner exists and stays
 * @param dangling the view has no such owner
 * @param waiting the owner is being deleted in the foreground and waits for its dependents
 * @param guards what the API server must confirm of the dangling ones
 * @param isUnknown some reference names a type that is not served now
 * @param isUndecidable a cluster-scoped object names a namespaced owner, which cannot be
 */
record OwnerJudgement(
    List<JsonNode> solid,
    List<JsonNode> dangling,
    List<JsonNode> waiting,
    List<Write.Guard> guards,
    boolean isUnknown,
    boolean isUndecidable) {

  static OwnerJudgement of(
      ServedResources served, ClusterView view, Resource type, ObjectNode object) {
    List<JsonNode> solid = new ArrayList<>();
    List<JsonNode> dangling = new ArrayList<>();
    List<JsonNode> waiting = new ArrayList<>();
    List<Write.Guard> guards = new ArrayList<>();
    boolean unknown = false;
    boolean undecidable = false;
    for (JsonNode reference : Json.items(object, "metadata", "ownerReferences")) {
      Optional<Resource> ownerType =
          served.byKind(Json.text(reference, "apiVersion"), Json.text(reference, "kind"));
      if (ownerType.isEmpty()) {
        unknown = true;
        continue;
      }
      if (!type.namespaced() && ownerType.get().namespaced()) {
        undecidable = true;
        continue;
      }
      String namespace = ownerType.get().namespaced() ? Meta.namespace(object) : "";
      String name = Json.text(reference, "name");
      String uid = Json.text(reference, "uid");
      Optional<ObjectNode> owner =
          view.find(ownerType.get(), namespace, name).filter(o -> Meta.uid(o).equals(uid));
      if (owner.isEmpty()) {
        dangling.add(reference);
        guards.add(new Write.Guard.Absent(ownerType.get(), namespace, name, uid));
      } else if (Meta.isDeleting(owner.get())
          && Owners.hasFinalizer(owner.get(), GarbageCollector.FOREGROUND)) {
        waiting.add(reference);
      } else {
        solid.add(reference);
      }
    }
    return new OwnerJudgement(solid, dangling, waiting, guards, unknown, undecidable);
  }

  List<JsonNode> gone() {
    return Stream.concat(dangling.stream(), waiting.stream()).toList();
  }
}
