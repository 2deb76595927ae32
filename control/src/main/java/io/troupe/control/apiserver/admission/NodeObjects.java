package io.troupe.control.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.admission.NodeRestriction.Change;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a node may do to objects that are not pods; each answer is what is wrong, or "". */
final class NodeObjects {
  /** Labels in Kubernetes' own namespaces that a kubelet sets (kubelet/pkg/apis). */
  private static final Set<String> KUBELET_LABELS =
      Set.of(
          "kubernetes.io/hostname",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "node.kubernetes.io/instance-type",
          "beta.kubernetes.io/instance-type",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region");

  private static final List<String> KUBELET_NAMESPACES =
      List.of("kubelet.kubernetes.io", "node.kubernetes.io");

  private NodeObjects() {}

  static String node(Change change) {
    String node = "node \"" + change.node() + "\"";
    if (!change.key().name().equals(change.node())) {
      return node + " is not allowed to modify node \"" + change.key().name() + "\"";
    }
    Set<String> labels = forbidden(change.before(), change.after());
    if (change.isCreation()) {
      return labels.isEmpty()
          ? ""
          : node + " is not allowed to set the following labels: " + String.join(", ", labels);
    }
    if (!same(change, "spec", "taints")) {
      return node + " is not allowed to modify taints";
    }
    if (!same(change, "metadata", "ownerReferences")) {
      return node + " is not allowed to modify ownerReferences";
    }
    return labels.isEmpty() ? "" : "is not allowed to modify labels: " + String.join(", ", labels);
  }

  private static boolean same(Change change, String... path) {
    return JsonEquality.same(Json.at(change.before(), path), Json.at(change.after(), path));
  }

  /** Labels that differ and are none of a node's business. */
  private static Set<String> forbidden(ObjectNode before, ObjectNode after) {
    Map<String, String> old = before == null ? Map.of() : Meta.labels(before);
    Map<String, String> fresh = Meta.labels(after);
    Set<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(fresh.keySet());
    keys.removeIf(key -> fresh.getOrDefault(key, "\0").equals(old.getOrDefault(key, "\0")));
    keys.removeIf(NodeObjects::isAllowed);
    return keys;
  }

  private static boolean isAllowed(String label) {
    int slash = label.indexOf('/');
    String namespace = slash < 0 ? "" : label.substring(0, slash);
    if (isIn(namespace, "node-restriction.kubernetes.io")) {
      return false;
    }
    boolean kubernetes = isIn(namespace, "kubernetes.io") || isIn(namespace, "k8s.io");
    return !kubernetes
        || KUBELET_LABELS.contains(label)
        || KUBELET_NAMESPACES.stream().anyMatch(own -> isIn(namespace, own));
  }

  private static boolean isIn(String namespace, String suffix) {
    return namespace.equals(suffix) || namespace.endsWith("." + suffix);
  }

  static String claim(Change change) {
    if (!change.subresource().equals("status")) {
      return "may only update PVC status";
    }
    return same(change, "spec") && same(change, "metadata", "labels")
        ? ""
        : "node \""
            + change.node()
            + "\" is not allowed to update fields other than status.quantity and"
            + " status.conditions";
  }

  static String lease(Change change) {
    if (!change.key().namespace().equals("kube-node-lease")) {
      return "can only access leases in the \"kube-node-lease\" system namespace";
    }
    return change.key().name().equals(change.node())
        ? ""
        : "can only access node lease with the same name as the requesting node";
  }

  static String csiNode(Change change) {
    return change.key().name().equals(change.node())
        ? ""
        : "can only access CSINode with the same name as the requesting node";
  }

  static String resourceSlice(Change change) {
    ObjectNode slice = change.isCreation() ? change.after() : change.before();
    if (Json.text(slice, "spec", "nodeName").equals(change.node())) {
      return "";
    }
    String verb = change.isDeletion() ? "delete" : change.isCreation() ? "create" : "update";
    return "can only " + verb + " ResourceSlice with the same NodeName as the requesting node";
  }

  static String certificateRequest(Change change, ClusterView world) {
    String named = Json.text(change.after(), "spec", "nodeName");
    if (!named.equals(change.node())) {
      return "PodCertificateRequest.Spec.NodeName=\""
          + named
          + "\", which is not the requesting node \""
          + change.node()
          + "\"";
    }
    String namespace = change.key().namespace();
    String pod = Json.text(change.after(), "spec", "podName");
    boolean runsHere =
        world
            .find(Resources.PODS, namespace, pod)
            .filter(p -> Json.text(p, "spec", "nodeName").equals(change.node()))
            .isPresent();
    return runsHere
        ? ""
        : "pod \""
            + namespace
            + "/"
            + pod
            + "\" is not running on node \""
            + named
            + "\" named in the PodCertificateRequest";
  }
}
