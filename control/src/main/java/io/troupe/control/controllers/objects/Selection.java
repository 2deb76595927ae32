package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import java.util.LinkedHashSet;
import java.util.Set;

/** The pods of a workload: those it controls, and orphans that its selector finds. */
public final class Selection {
  private Selection() {}

  /** {@code spec.selector}, which ReplicationControllers write as a plain map. */
  public static LabelSelector selector(Resource type, JsonNode workload) {
    JsonNode selector = Json.at(workload, "spec", "selector");
    return type.equals(Resources.REPLICATION_CONTROLLERS)
        ? Selectors.ofMap(selector)
        : Selectors.of(selector);
  }

  /** Changes of dependents (pods, ReplicaSets) wake their controller, or those that could adopt. */
  public static Input dependents(Resource dependent, Resource owner) {
    return new Input(dependent, (change, view) -> touched(change, view, owner));
  }

  private static Set<Key> touched(ObjectChange change, ClusterView view, Resource owner) {
    Set<Key> keys = new LinkedHashSet<>();
    if (change.before() != null) {
      keys.addAll(Input.ownerKeys(change.before(), owner));
    }
    if (change.after() != null) {
      keys.addAll(Input.ownerKeys(change.after(), owner));
      if (isNewlyOrphan(change)) {
        keys.addAll(adopters(change.after(), view, owner));
      }
    }
    return keys;
  }

  private static boolean isNewlyOrphan(ObjectChange change) {
    ObjectNode after = change.after();
    if (Meta.isDeleting(after) || Meta.controllerOf(after).isPresent()) {
      return false;
    }
    return change.before() == null
        || Meta.controllerOf(change.before()).isPresent()
        || !Meta.labels(change.before()).equals(Meta.labels(after));
  }

  private static Set<Key> adopters(ObjectNode orphan, ClusterView view, Resource owner) {
    Set<Key> keys = new LinkedHashSet<>();
    for (ObjectNode workload : view.list(owner, Meta.namespace(orphan))) {
      if (selector(owner, workload).matchesObject(orphan)) {
        keys.add(Key.of(workload));
      }
    }
    return keys;
  }
}
