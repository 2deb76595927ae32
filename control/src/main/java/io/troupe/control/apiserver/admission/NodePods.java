package io.troupe.control.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.admission.NodeRestriction.Change;
import io.troupe.control.apiserver.authorization.PodReferences;
import java.util.List;
import java.util.Map;

/** What a node may do to pods; each answer is what is wrong, or "". */
final class NodePods {
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /** Parts of a status that only the control plane writes, and what upstream calls them. */
  private static final Map<String, String> NOT_THE_NODES =
      Map.of(
          "resourceClaimStatuses", "cannot update resource claim statues",
          "extendedResourceClaimStatus", "cannot update extended resource claim status",
          "nodeAllocatableResourceClaimStatuses",
              "cannot update node allocatable resource claim statuses");

  private NodePods() {}

  static String problem(Change change, ClusterView world) {
    boolean own =
        change.before() != null
            && Json.text(change.before(), "spec", "nodeName").equals(change.node());
    String node = "node \"" + change.node() + "\"";
    return switch (change.subresource()) {
      case "" -> {
        if (change.isDeletion()) {
          yield own ? "" : node + " can only delete pods with spec.nodeName set to itself";
        }
        yield change.isCreation()
            ? mirror(change, world)
            : "unexpected operation \"UPDATE\", "
                + node
                + " can only create and delete mirror pods";
      }
      case "status" ->
          own
              ? status(change)
              : node + " can only update pod status for pods with spec.nodeName set to itself";
      case "eviction" ->
          own
              ? ""
              : "node " + change.node() + " can only evict pods with spec.nodeName set to itself";
      default ->
          "unexpected pod subresource \""
              + change.subresource()
              + "\", only 'status' and 'eviction' are allowed";
    };
  }

  private static String status(Change change) {
    String node = "node \"" + change.node() + "\" ";
    if (!Meta.labels(change.before()).equals(Meta.labels(change.after()))) {
      return node + "cannot update labels through pod status";
    }
    for (Map.Entry<String, String> field : NOT_THE_NODES.entrySet()) {
      JsonNode before = Json.at(change.before(), "status", field.getKey());
      JsonNode after = Json.at(change.after(), "status", field.getKey());
      if (!JsonEquality.same(before, after)) {
        return node + field.getValue();
      }
    }
    return "";
  }

  private static String mirror(Change change, ClusterView world) {
    ObjectNode pod = change.after();
    String node = "node \"" + change.node() + "\"";
    if (!Meta.annotations(pod).containsKey(MIRROR)) {
      return "pod does not have \""
          + MIRROR
          + "\" annotation, "
          + node
          + " can only create mirror pods";
    }
    if (!Json.text(pod, "spec", "nodeName").equals(change.node())) {
      return node + " can only create pods with spec.nodeName set to itself";
    }
    String owner = owner(change, world);
    if (!owner.isEmpty()) {
      return owner;
    }
    // The account that admission gives every pod is not the node's doing.
    return PodReferences.of(pod).stream()
        .filter(reference -> !reference.startsWith("serviceaccounts/"))
        .map(reference -> reference.substring(0, reference.indexOf('/')))
        .findFirst()
        .map(kind -> node + " can not create pods that reference " + kind)
        .orElse("");
  }

  private static String owner(Change change, ClusterView world) {
    String node = "node \"" + change.node() + "\"";
    List<JsonNode> owners = Json.items(change.after(), "metadata", "ownerReferences");
    if (owners.size() > 1) {
      return node + " can only create pods with a single owner reference set to itself";
    }
    boolean itself =
        owners.size() == 1
            && Json.text(owners.getFirst(), "apiVersion").equals("v1")
            && Json.text(owners.getFirst(), "kind").equals("Node")
            && Json.text(owners.getFirst(), "name").equals(change.node());
    if (!itself) {
      return node + " can only create pods with an owner reference set to itself";
    }
    JsonNode owner = owners.getFirst();
    if (!Json.flag(owner, false, "controller")) {
      return node + " can only create pods with a controller owner reference set to itself";
    }
    if (Json.flag(owner, false, "blockOwnerDeletion")) {
      return node + " must not set blockOwnerDeletion on an owner reference";
    }
    String uid = world.find(Resources.NODES, "", change.node()).map(Meta::uid).orElse("");
    return uid.equals(Json.text(owner, "uid"))
        ? ""
        : "node "
            + change.node()
            + " UID mismatch: expected "
            + Json.text(owner, "uid")
            + " got "
            + uid;
  }
}
