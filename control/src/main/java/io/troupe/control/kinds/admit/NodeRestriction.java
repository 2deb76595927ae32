package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.strategy.Facts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A node changes only its own Node, the status of its own pods, and what else is its own
 * (upstream's NodeRestriction). Whether it may ask at all, the Node authorizer has decided before.
 */
public final class NodeRestriction {
  private static final String PREFIX = "system:node:";
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String RESTRICTED = "node-restriction.kubernetes.io";

  /** Labels of Kubernetes' own domains that a kubelet sets (k8s.io/kubelet/pkg/apis). */
  private static final Set<String> KUBELET_LABELS =
      Set.of(
          "kubernetes.io/hostname",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "node.kubernetes.io/instance-type",
          "beta.kubernetes.io/instance-type",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch");

  private static final List<String> KUBELET_LABEL_DOMAINS =
      List.of("kubelet.kubernetes.io", "node.kubernetes.io");

  private static final List<String> CLAIM_STATUSES =
      List.of(
          "resourceClaimStatuses",
          "extendedResourceClaimStatus",
          "nodeAllocatableResourceClaimStatuses");

  private NodeRestriction() {}

  /** The node that asks, or "" when it is somebody else. */
  private static String node(Facts facts) {
    var user = facts.request().user();
    boolean node = user.groups().contains("system:nodes") && user.name().startsWith(PREFIX);
    return node ? user.name().substring(PREFIX.length()) : "";
  }

  /** Admits a new object. */
  static void create(ObjectNode object, Facts facts) {
    String node = node(facts);
    if (node.isEmpty()) {
      return;
    }
    switch (facts.key().type().toString()) {
      case "pods" -> mirrorPod(node, object, facts);
      case "nodes" -> {
        ownName(node, facts);
        require(
            !object.path("spec").has("configSource"),
            facts,
            "node \"%s\" is not allowed to create pods with a non-nil configSource"
                .formatted(node));
        Set<String> labels = forbidden(Meta.labels(object), Map.of());
        require(
            labels.isEmpty(),
            facts,
            "node \"%s\" is not allowed to set the following labels: %s"
                .formatted(node, String.join(", ", labels)));
      }
      case "leases.coordination.k8s.io" -> lease(node, facts);
      case "csinodes.storage.k8s.io" -> csiNode(node, facts);
      case "resourceslices.resource.k8s.io" ->
          require(
              boundTo(node, object),
              facts,
              "can only create ResourceSlice with the same NodeName as the requesting node");
      case "podcertificaterequests.certificates.k8s.io" ->
          require(
              boundTo(node, object),
              facts,
              "PodCertificateRequest.Spec.NodeName=\"%s\", which is not the requesting node \"%s\""
                  .formatted(Json.text(object, "spec", "nodeName"), node));
      default -> {}
    }
  }

  /** Admits a change of an object, of its status, or through another subresource. */
  public static void update(ObjectNode object, ObjectNode old, Facts facts) {
    String node = node(facts);
    if (node.isEmpty()) {
      return;
    }
    switch (facts.key().type().toString()) {
      case "pods" -> pod(node, object, old, facts);
      case "nodes" -> ownNode(node, object, old, facts);
      case "persistentvolumeclaims" -> claim(node, object, old, facts);
      case "leases.coordination.k8s.io" -> lease(node, facts);
      case "csinodes.storage.k8s.io" -> csiNode(node, facts);
      default -> {}
    }
  }

  /** Admits a deletion. */
  static void delete(ObjectNode object, Facts facts) {
    String node = node(facts);
    if (node.isEmpty()) {
      return;
    }
    switch (facts.key().type().toString()) {
      case "pods" ->
          require(
              boundTo(node, object),
              facts,
              "node \"%s\" can only delete pods with spec.nodeName set to itself".formatted(node));
      case "nodes" -> ownName(node, facts);
      case "leases.coordination.k8s.io" -> lease(node, facts);
      case "csinodes.storage.k8s.io" -> csiNode(node, facts);
      case "resourceslices.resource.k8s.io" ->
          require(
              boundTo(node, object),
              facts,
              "can only delete ResourceSlice with the same NodeName as the requesting node");
      default -> {}
    }
  }

  private static void mirrorPod(String node, ObjectNode pod, Facts facts) {
    require(
        Meta.annotations(pod).containsKey(MIRROR),
        facts,
        "pod does not have \"%s\" annotation, node \"%s\" can only create mirror pods"
            .formatted(MIRROR, node));
    require(
        boundTo(node, pod),
        facts,
        "node \"%s\" can only create pods with spec.nodeName set to itself".formatted(node));
    List<JsonNode> owners = Json.items(pod, "metadata", "ownerReferences");
    require(
        owners.size() == 1 && isNode(owners.getFirst(), node),
        facts,
        "node \"%s\" can only create pods with an owner reference set to itself".formatted(node));
    JsonNode owner = owners.getFirst();
    require(
        Json.flag(owner, false, "controller"),
        facts,
        "node \"%s\" can only create pods with a controller owner reference set to itself"
            .formatted(node));
    require(
        !Json.flag(owner, false, "blockOwnerDeletion"),
        facts,
        "node \"%s\" must not set blockOwnerDeletion on an owner reference".formatted(node));
    String uid = facts.world().find(Resources.NODES, "", node).map(Meta::uid).orElse("");
    require(
        Json.text(owner, "uid").equals(uid),
        facts,
        "node %s UID mismatch: expected %s got %s".formatted(node, uid, Json.text(owner, "uid")));
    // Upstream names the field; that a reference is there at all is what counts.
    require(
        !refersToObjects(pod.path("spec")),
        facts,
        "node \"%s\" can not create pods that reference other API objects".formatted(node));
  }

  private static boolean isNode(JsonNode owner, String node) {
    return Json.text(owner, "apiVersion").equals("v1")
        && Json.text(owner, "kind").equals("Node")
        && Json.text(owner, "name").equals(node);
  }

  private static boolean refersToObjects(JsonNode spec) {
    String account = Json.text(spec, "serviceAccountName");
    if (!account.isEmpty() || spec.has("resourceClaims") || spec.has("imagePullSecrets")) {
      return true;
    }
    for (String field :
        List.of(
            "configMapKeyRef",
            "secretKeyRef",
            "configMapRef",
            "secretRef",
            "secret",
            "configMap",
            "persistentVolumeClaim",
            "projected",
            "csi")) {
      if (spec.findValue(field) != null) {
        return true;
      }
    }
    return false;
  }

  private static void pod(String node, ObjectNode pod, ObjectNode old, Facts facts) {
    String subresource = facts.subresource();
    require(
        !subresource.isEmpty(),
        facts,
        "unexpected operation \"UPDATE\", node \"%s\" can only create and delete mirror pods"
            .formatted(node));
    require(
        subresource.equals("status") || subresource.equals("eviction"),
        facts,
        "unexpected pod subresource \"%s\", only 'status' and 'eviction' are allowed"
            .formatted(subresource));
    if (subresource.equals("eviction")) {
      require(
          boundTo(node, old),
          facts,
          "node %s can only evict pods with spec.nodeName set to itself".formatted(node));
      return;
    }
    require(
        boundTo(node, old),
        facts,
        "node \"%s\" can only update pod status for pods with spec.nodeName set to itself"
            .formatted(node));
    require(
        Meta.labels(pod).equals(Meta.labels(old)),
        facts,
        "node \"%s\" cannot update labels through pod status".formatted(node));
    for (String claims : CLAIM_STATUSES) {
      require(
          pod.path("status").path(claims).equals(old.path("status").path(claims)),
          facts,
          "node \"%s\" cannot update resource claim statues".formatted(node));
    }
  }

  private static boolean boundTo(String node, JsonNode pod) {
    return Json.text(pod, "spec", "nodeName").equals(node);
  }

  private static void ownName(String node, Facts facts) {
    require(
        facts.key().name().equals(node),
        facts,
        "node \"%s\" is not allowed to modify node \"%s\"".formatted(node, facts.key().name()));
  }

  private static void ownNode(String node, ObjectNode object, ObjectNode old, Facts facts) {
    ownName(node, facts);
    require(
        !object.path("spec").has("configSource")
            || object
                .path("spec")
                .path("configSource")
                .equals(old.path("spec").path("configSource")),
        facts,
        "node \"%s\" is not allowed to update configSource to a new non-nil configSource"
            .formatted(node));
    require(
        Json.items(object, "spec", "taints").equals(Json.items(old, "spec", "taints")),
        facts,
        "node \"%s\" is not allowed to modify taints".formatted(node));
    require(
        Json.items(object, "metadata", "ownerReferences")
            .equals(Json.items(old, "metadata", "ownerReferences")),
        facts,
        "node \"%s\" is not allowed to modify ownerReferences".formatted(node));
    Set<String> labels = forbidden(Meta.labels(object), Meta.labels(old));
    require(
        labels.isEmpty(),
        facts,
        "is not allowed to modify labels: %s".formatted(String.join(", ", labels)));
  }

  /** Which of the changed labels only others may change. */
  private static Set<String> forbidden(Map<String, String> now, Map<String, String> before) {
    Set<String> found = new TreeSet<>(now.keySet());
    found.addAll(before.keySet());
    found.removeIf(label -> java.util.Objects.equals(now.get(label), before.get(label)));
    found.removeIf(label -> !isForbidden(label));
    return found;
  }

  private static boolean isForbidden(String label) {
    int slash = label.indexOf('/');
    String domain = slash < 0 ? "" : label.substring(0, slash);
    boolean ofKubernetes = within(domain, "kubernetes.io") || within(domain, "k8s.io");
    boolean ofKubelet =
        KUBELET_LABELS.contains(label)
            || KUBELET_LABEL_DOMAINS.stream().anyMatch(d -> within(domain, d));
    return within(domain, RESTRICTED) || (ofKubernetes && !ofKubelet);
  }

  private static boolean within(String domain, String parent) {
    return domain.equals(parent) || domain.endsWith("." + parent);
  }

  private static void claim(String node, ObjectNode claim, ObjectNode old, Facts facts) {
    require(facts.subresource().equals("status"), facts, "may only update PVC status");
    require(
        withoutSizes(claim).equals(withoutSizes(old)),
        facts,
        "node \"%s\" is not allowed to update fields other than status.quantity and status.conditions"
            .formatted(node));
  }

  private static ObjectNode withoutSizes(ObjectNode claim) {
    ObjectNode rest = claim.deepCopy();
    Json.ensure(rest, "metadata").remove(List.of("resourceVersion", "managedFields"));
    Json.ensure(rest, "status")
        .remove(
            List.of("capacity", "conditions", "allocatedResources", "allocatedResourceStatuses"));
    return rest;
  }

  private static void lease(String node, Facts facts) {
    require(
        facts.key().namespace().equals("kube-node-lease"),
        facts,
        "can only access leases in the \"kube-node-lease\" system namespace");
    require(
        facts.key().name().equals(node),
        facts,
        "can only access node lease with the same name as the requesting node");
  }

  private static void csiNode(String node, Facts facts) {
    require(
        facts.key().name().equals(node),
        facts,
        "can only access CSINode with the same name as the requesting node");
  }

  private static void require(boolean holds, Facts facts, String why) {
    if (!holds) {
      throw Admission.forbidden(facts, why);
    }
  }
}
