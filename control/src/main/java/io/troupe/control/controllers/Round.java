package io.troupe.control.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything that a reconcile may know.
 *
 * @param failure why a write of the previous round of this key was refused; empty after success and
 *     after mere races (conflicts)
 * @param memory what the previous plan of this key asked to remember, null for nothing
 */
public record Round(
    Key key, ClusterView view, Instant now, Optional<Refusal> failure, Object memory) {

  public Round(Key key, ClusterView view, Instant now) {
    this(key, view, now, Optional.empty(), null);
  }

  /** The object of the type under the key's name. */
  public Optional<ObjectNode> find(Resource type) {
    return view.find(type, key.namespace(), key.name());
  }

  /** The memory, if it is of the class. */
  public <T> Optional<T> remembered(Class<T> type) {
    return type.isInstance(memory) ? Optional.of(type.cast(memory)) : Optional.empty();
  }
}
