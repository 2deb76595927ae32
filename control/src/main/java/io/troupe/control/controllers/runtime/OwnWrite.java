package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** A write of this process whose effect the view must show before its key is reconciled again. */
sealed interface OwnWrite {
  Resource type();

  String namespace();

  String name();

  /** Whether the view shows it; {@code newest} is the highest revision seen of a type. */
  boolean isSeen(ClusterView view, ToLongFunction<Resource> newest);

  /** The object was created or changed at the revision. */
  record Written(Resource type, String namespace, String name, long revision) implements OwnWrite {
    static Written of(Resource type, ObjectNode answer) {
      return new Written(type, Meta.namespace(answer), Meta.name(answer), Meta.revision(answer));
    }

    @Override
    public boolean isSeen(ClusterView view, ToLongFunction<Resource> newest) {
      Optional<ObjectNode> found = view.find(type, namespace, name);
      // A type's changes arrive in order: absent and past the revision means removed since.
      return found.isPresent()
          ? Meta.revision(found.get()) >= revision
          : newest.applyAsLong(type) >= revision;
    }
  }

  /** The object with the uid was deleted, or has begun to be. */
  record Deleted(Resource type, String namespace, String name, String uid) implements OwnWrite {
    @Override
    public boolean isSeen(ClusterView view, ToLongFunction<Resource> newest) {
      return view.find(type, namespace, name)
          .filter(o -> uid.isEmpty() || Meta.uid(o).equals(uid))
          .filter(o -> !Meta.isDeleting(o))
          .isEmpty();
    }
  }
}
