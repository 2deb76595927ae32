package io.troupe.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Resource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A local, eventually consistent copy of a cluster's objects. Objects must not be changed. Methods
 * never block on IO.
 */
public interface ClusterView {

  /**
   * What happened to an object: {@code before} is null for an added one, {@code after} for a
   * deleted one.
   */
  record ObjectChange(Resource type, ObjectNode before, ObjectNode after) {
    /** The newest known form: after, or before when it was deleted. */
    public ObjectNode object() {
      return after == null ? before : after;
    }
  }

  /** The object, if the copy has it; the namespace is "" for cluster-scoped types. */
  Optional<ObjectNode> find(Resource type, String namespace, String name);

  /** All objects of a type in a namespace, in all namespaces when it is "". */
  List<ObjectNode> list(Resource type, String namespace);

  /** Objects that have an owner reference with this uid. */
  List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid);

  /**
   * Follows a type: every present object as an addition first, then each change in order, one at a
   * time. An HTTP implementation begins to watch the type with the first call. Returns when the
   * present objects were delivered.
   */
  Subscription follow(Resource type, Consumer<ObjectChange> onChange);
}
