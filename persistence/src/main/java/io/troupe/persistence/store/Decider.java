package io.troupe.persistence.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.ObjectKey;

/**
 * The rules of Kubernetes as one pure function: no clock, no randomness, no IO.
 *
 * <p>Called by the object's actor, one command at a time, and by dry runs.
 */
@FunctionalInterface
public interface Decider {
  /**
   * Decides.
   *
   * @param current the object with its resourceVersion, or null when it does not exist; never
   *     changed by the call
   * @param world a read-only view of the rest of the cluster, possibly a moment old
   */
  Decision decide(ObjectKey key, ObjectNode current, Command command, ClusterView world);
}
