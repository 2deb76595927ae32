package io.troupe.control.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.bootstrap.RbacFacts.Wanted;
import java.util.List;

/**
 * What a machine needs to become a node, as kubeadm binds it: with a bootstrap token it asks for a
 * certificate and gets it, as a node it renews its own, and anybody may read which authority the
 * cluster has.
 */
final class JoinRights {
  private static final String CERTIFICATES =
      "system:certificates.k8s.io:certificatesigningrequests:";
  private static final String GROUP = "rbac.authorization.k8s.io";

  private JoinRights() {}

  static List<Wanted> all() {
    return List.of(
        bound("troupe:node-bootstrap", "system:node-bootstrapper", "system:bootstrappers"),
        bound("troupe:node-certificates", CERTIFICATES + "nodeclient", "system:bootstrappers"),
        bound("troupe:node-renewals", CERTIFICATES + "selfnodeclient", "system:nodes"),
        new Wanted(Resources.ROLES, infoRole()),
        new Wanted(Resources.ROLE_BINDINGS, infoBinding()));
  }

  private static ObjectNode object(Resource type, String namespace, String name) {
    ObjectNode object = Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }

  private static Wanted bound(String name, String role, String group) {
    ObjectNode binding = object(Resources.CLUSTER_ROLE_BINDINGS, "", name);
    binding
        .putObject("roleRef")
        .put("apiGroup", GROUP)
        .put("kind", "ClusterRole")
        .put("name", role);
    subject(binding, "Group", group);
    return new Wanted(Resources.CLUSTER_ROLE_BINDINGS, binding);
  }

  private static void subject(ObjectNode binding, String kind, String name) {
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", kind)
        .put("apiGroup", GROUP)
        .put("name", name);
  }

  private static ObjectNode infoRole() {
    ObjectNode role = object(Resources.ROLES, "kube-public", "troupe:cluster-info");
    ObjectNode rule = role.putArray("rules").addObject();
    rule.putArray("verbs").add("get");
    rule.putArray("apiGroups").add("");
    rule.putArray("resources").add("configmaps");
    rule.putArray("resourceNames").add("cluster-info");
    return role;
  }

  private static ObjectNode infoBinding() {
    ObjectNode binding = object(Resources.ROLE_BINDINGS, "kube-public", "troupe:cluster-info");
    binding
        .putObject("roleRef")
        .put("apiGroup", GROUP)
        .put("kind", "Role")
        .put("name", "troupe:cluster-info");
    subject(binding, "User", "system:anonymous");
    return binding;
  }
}
