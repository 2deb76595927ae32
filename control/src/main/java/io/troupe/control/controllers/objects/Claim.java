package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.controllers.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which objects a workload has: those that it controls and that match, after adopting matching
 * orphans and releasing those that match no more.
 *
 * @param held controlled and matching, finished and terminating ones included
 * @param writes adoptions and releases
 */
public record Claim(List<ObjectNode> held, List<Write> writes) {

  /**
   * Claims objects of {@code type} for {@code owner}; an owner that is being deleted adopts none.
   */
  public static Claim of(
      ClusterView view,
      Resource type,
      Resource ownerType,
      ObjectNode owner,
      LabelSelector selector) {
    return matching(view, type, ownerType, owner, selector::matchesObject);
  }

  /** The same, with a rule that may ask for more than labels. */
  public static Claim matching(
      ClusterView view,
      Resource type,
      Resource ownerType,
      ObjectNode owner,
      Predicate<ObjectNode> rule) {
    String namespace = Meta.namespace(owner);
    List<ObjectNode> held = new ArrayList<>();
    List<Write> writes = new ArrayList<>();
    boolean deleting = Meta.isDeleting(owner);
    for (ObjectNode object : view.ownedBy(type, namespace, Meta.uid(owner))) {
      if (!Owners.isControlledBy(object, owner)) {
        continue;
      }
      if (rule.test(object)) {
        held.add(object);
      } else if (!deleting && !Meta.isDeleting(object)) {
        writes.add(Owners.release(type, object, owner));
      }
    }
    if (!deleting) {
      view.list(type, namespace).stream()
          .filter(object -> !Meta.isDeleting(object))
          .filter(object -> Meta.controllerOf(object).isEmpty())
          .filter(rule)
          .forEach(object -> writes.add(Owners.adopt(type, object, ownerType, owner)));
    }
    return new Claim(held, writes);
  }
}
