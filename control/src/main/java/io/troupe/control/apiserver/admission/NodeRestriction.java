package io.troupe.control.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.control.apiserver.authorization.NodeAuthorizer;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Command.CreateObject;
import io.troupe.persistence.store.Command.DeleteObject;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Decision;
import java.util.Optional;

/** The kinds' rules, and for nodes what a node may do on top. Pure. */
public final class NodeRestriction implements Decider {
  private final Decider rules;

  public NodeRestriction(Decider rules) {
    this.rules = rules;
  }

  @Override
  public Decision decide(ObjectKey key, ObjectNode current, Command command, ClusterView world) {
    Decision decision = rules.decide(key, current, command, world);
    Optional<String> node = NodeAuthorizer.nodeOf(command.request().user());
    if (node.isEmpty() || decision instanceof Decision.Refuse) {
      return decision;
    }
    ObjectNode after =
        switch (decision) {
          case Decision.Store store -> store.after();
          case Decision.Remove remove -> remove.last();
          case Decision.Keep keep -> current;
          case Decision.Refuse refuse -> current;
        };
    String why = problem(new Change(node.get(), key, current, after, command), world);
    return why.isEmpty()
        ? decision
        : new Decision.Refuse(Refusal.forbidden(key.type(), key.name(), why));
  }

  /**
   * What a node is about to do.
   *
   * @param before null when it creates
   */
  record Change(String node, ObjectKey key, ObjectNode before, ObjectNode after, Command command) {
    boolean isCreation() {
      return before == null || command instanceof CreateObject;
    }

    boolean isDeletion() {
      return command instanceof DeleteObject;
    }

    String subresource() {
      return command.request().subresource();
    }
  }

  private static String problem(Change change, ClusterView world) {
    return switch (change.key().type().toString()) {
      case "pods" -> NodePods.problem(change, world);
      case "nodes" -> NodeObjects.node(change);
      case "persistentvolumeclaims" -> NodeObjects.claim(change);
      case "leases.coordination.k8s.io" -> NodeObjects.lease(change);
      case "csinodes.storage.k8s.io" -> NodeObjects.csiNode(change);
      case "resourceslices.resource.k8s.io" -> NodeObjects.resourceSlice(change);
      case "podcertificaterequests.certificates.k8s.io" ->
          NodeObjects.certificateRequest(change, world);
      default -> "";
    };
  }
}
