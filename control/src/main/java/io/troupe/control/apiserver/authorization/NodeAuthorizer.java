package io.troupe.control.apiserver.authorization;

import io.troupe.api.client.ClusterView;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.selector.FieldSelector;
import io.troupe.persistence.store.Request.User;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a node may do: read what its own pods need, report on itself and them
 * (plugin/pkg/auth/authorizer/node). Whose pod or node a write is about is admission's question.
 */
public final class NodeAuthorizer {
  private static final String PREFIX = "system:node:";

  private final NodeGraph graph;
  private final Supplier<List<Rule>> rules;

  /** The rules are those of every node, for what the graph does not decide. */
  NodeAuthorizer(ClusterView view, Supplier<List<Rule>> rules) {
    this.graph = new NodeGraph(view);
    this.rules = rules;
  }

  /** The node that a user is, if it is one. */
  public static Optional<String> nodeOf(User user) {
    return user.name().startsWith(PREFIX) && user.groups().contains("system:nodes")
        ? Optional.of(user.name().substring(PREFIX.length()))
        : Optional.empty();
  }

  Verdict authorize(String node, Attributes wanted) {
    if (node.isEmpty()) {
      return Verdict.noOpinion("unknown node for user \"" + wanted.user().name() + "\"");
    }
    return wanted.isResource() ? resource(node, wanted) : byRules(wanted);
  }

  private Verdict resource(String node, Attributes wanted) {
    String type =
        wanted.group().isEmpty() ? wanted.resource() : wanted.resource() + "." + wanted.group();
    return switch (type) {
      case "secrets" -> secret(node, wanted);
      case "configmaps" -> readNamespaced(node, wanted, PodReferences.CONFIG_MAP);
      case "persistentvolumeclaims" -> claim(node, wanted);
      case "persistentvolumes" ->
          getOnly(wanted, node, () -> graph.usesVolume(node, wanted.name()));
      case "resourceclaims.resource.k8s.io" ->
          getOnly(wanted, node, () -> refers(node, wanted, PodReferences.RESOURCE_CLAIM));
      case "volumeattachments.storage.k8s.io" ->
          getOnly(wanted, node, () -> graph.isAttachedTo(node, wanted.name()));
      case "serviceaccounts" -> serviceAccount(node, wanted);
      case "leases.coordination.k8s.io" -> lease(node, wanted);
      case "csinodes.storage.k8s.io" -> csiNode(node, wanted);
      case "resourceslices.resource.k8s.io" ->
          byNodeName(node, wanted, NodeGraph.SLICES, Set.of("get", "update", "patch", "delete"));
      case "podcertificaterequests.certificates.k8s.io" ->
          byNodeName(node, wanted, NodeGraph.CERTIFICATE_REQUESTS, Set.of("get"));
      case "nodes" -> node(node, wanted);
      case "pods" -> pod(node, wanted);
      default -> byRules(wanted);
    };
  }

  private Verdict byRules(Attributes wanted) {
    return rules.get().stream().anyMatch(rule -> rule.allows(wanted))
        ? Verdict.ALLOWED
        : Verdict.NO_OPINION;
  }

  private Verdict secret(String node, Attributes wanted) {
    Verdict verdict = readNamespaced(node, wanted, PodReferences.SECRET);
    boolean readsOne =
        isReading(wanted.verb()) && wanted.subresource().isEmpty() && !wanted.name().isEmpty();
    return !verdict.allowed()
            && readsOne
            && graph.usesVolumeSecret(node, wanted.namespace(), wanted.name())
        ? Verdict.ALLOWED
        : verdict;
  }

  private Verdict readNamespaced(String node, Attributes wanted, String kind) {
    if (!isReading(wanted.verb())) {
      return Verdict.noOpinion("can only read resources of this type");
    }
    if (!wanted.subresource().isEmpty()) {
      return Verdict.noOpinion("cannot read subresource");
    }
    if (wanted.namespace().isEmpty()) {
      return Verdict.noOpinion("can only read namespaced object of this type");
    }
    return related(node, wanted, refers(node, wanted, kind));
  }

  private Verdict claim(String node, Attributes wanted) {
    if (!wanted.subresource().equals("status")) {
      return getOnly(wanted, node, () -> refers(node, wanted, PodReferences.CLAIM));
    }
    if (!isOneOf(wanted.verb(), "update", "patch")) {
      return Verdict.noOpinion("can only get/update/patch this type");
    }
    return related(node, wanted, refers(node, wanted, PodReferences.CLAIM));
  }

  private Verdict getOnly(
      Attributes wanted, String node, java.util.function.BooleanSupplier related) {
    if (!wanted.verb().equals("get")) {
      return Verdict.noOpinion("can only get individual resources of this type");
    }
    if (!wanted.subresource().isEmpty()) {
      return Verdict.noOpinion("cannot get subresource");
    }
    return related(node, wanted, related.getAsBoolean());
  }

  private boolean refers(String node, Attributes wanted, String kind) {
    return graph.refers(node, wanted.namespace(), kind, wanted.name());
  }

  private static Verdict related(String node, Attributes wanted, boolean related) {
    if (wanted.name().isEmpty()) {
      return Verdict.noOpinion("No Object name found");
    }
    return related
        ? Verdict.ALLOWED
        : Verdict.noOpinion("no relationship found between node '" + node + "' and this object");
  }

  private Verdict serviceAccount(String node, Attributes wanted) {
    if (wanted.verb().equals("get") && wanted.subresource().isEmpty()) {
      return readNamespaced(node, wanted, PodReferences.SERVICE_ACCOUNT);
    }
    if (!wanted.verb().equals("create") || wanted.name().isEmpty()) {
      return Verdict.noOpinion("can only create tokens for individual service accounts");
    }
    if (!wanted.subresource().equals("token")) {
      return Verdict.noOpinion("can only create token subresource of serviceaccount");
    }
    return related(node, wanted, refers(node, wanted, PodReferences.SERVICE_ACCOUNT));
  }

  private static Verdict lease(String node, Attributes wanted) {
    if (!isOneOf(wanted.verb(), "get", "create", "update", "patch", "delete")) {
      return Verdict.noOpinion("can only get, create, update, patch, or delete a node lease");
    }
    if (!wanted.namespace().equals("kube-node-lease")) {
      return Verdict.noOpinion(
          "can only access leases in the \"kube-node-lease\" system namespace");
    }
    return wanted.verb().equals("create") || wanted.name().equals(node)
        ? Verdict.ALLOWED
        : Verdict.noOpinion("can only access node lease with the same name as the requesting node");
  }

  private static Verdict csiNode(String node, Attributes wanted) {
    if (!wanted.subresource().isEmpty()) {
      return Verdict.noOpinion("cannot authorize CSINode subresources");
    }
    if (!isOneOf(wanted.verb(), "get", "create", "update", "patch", "delete")) {
      return Verdict.noOpinion("can only get, create, update, patch, or delete a CSINode");
    }
    return wanted.verb().equals("create") || wanted.name().equals(node)
        ? Verdict.ALLOWED
        : Verdict.noOpinion("can only access CSINode with the same name as the requesting node");
  }

  private static Verdict node(String node, Attributes wanted) {
    return switch (wanted.subresource()) {
      case "" ->
          switch (wanted.verb()) {
            case "create", "update", "patch" -> Verdict.ALLOWED;
            case "get", "list", "watch" -> readNode(node, wanted.name());
            default -> Verdict.NO_OPINION;
          };
      case "status" ->
          isOneOf(wanted.verb(), "update", "patch") ? Verdict.ALLOWED : Verdict.NO_OPINION;
      default -> Verdict.NO_OPINION;
    };
  }

  private static Verdict readNode(String node, String name) {
    if (name.equals(node)) {
      return Verdict.ALLOWED;
    }
    return Verdict.noOpinion(
        "node '"
            + node
            + "' cannot read "
            + (name.isEmpty() ? "all nodes" : "'" + name + "'")
            + ", only its own Node object");
  }

  private Verdict pod(String node, Attributes wanted) {
    return switch (wanted.subresource()) {
      case "" ->
          switch (wanted.verb()) {
            case "get" ->
                related(node, wanted, graph.hasPod(node, wanted.namespace(), wanted.name()));
            case "list", "watch" -> listPods(node, wanted);
            case "create", "delete" -> Verdict.ALLOWED;
            default -> Verdict.NO_OPINION;
          };
      case "status" ->
          isOneOf(wanted.verb(), "update", "patch") ? Verdict.ALLOWED : Verdict.NO_OPINION;
      case "eviction" -> wanted.verb().equals("create") ? Verdict.ALLOWED : Verdict.NO_OPINION;
      default -> Verdict.NO_OPINION;
    };
  }

  private Verdict listPods(String node, Attributes wanted) {
    if (selects(wanted, "spec.nodeName", node)) {
      return Verdict.ALLOWED;
    }
    return wanted.name().isEmpty()
        ? Verdict.noOpinion("can only list/watch pods with spec.nodeName field selector")
        : related(node, wanted, graph.hasPod(node, wanted.namespace(), wanted.name()));
  }

  /** Objects that say in {@code spec.nodeName} whose they are; admission looks at new ones. */
  private Verdict byNodeName(String node, Attributes wanted, Resource type, Set<String> onOwn) {
    if (!wanted.subresource().isEmpty()) {
      return Verdict.noOpinion("cannot authorize subresources of " + wanted.resource());
    }
    if (wanted.verb().equals("create")) {
      return Verdict.ALLOWED;
    }
    if (onOwn.contains(wanted.verb())) {
      return related(node, wanted, graph.isNamedIn(node, type, wanted.namespace(), wanted.name()));
    }
    return selects(wanted, "spec.nodeName", node)
        ? Verdict.ALLOWED
        : Verdict.noOpinion(
            "can only list/watch " + wanted.resource() + " with nodeName field selector");
  }

  private static boolean selects(Attributes wanted, String field, String value) {
    try {
      return !wanted.fieldSelector().isEmpty()
          && FieldSelector.parse(wanted.fieldSelector())
              .exactValue(field)
              .filter(value::equals)
              .isPresent();
    } catch (RefusedException e) {
      return false;
    }
  }

  private static boolean isReading(String verb) {
    return isOneOf(verb, "get", "list", "watch");
  }

  private static boolean isOneOf(String verb, String... verbs) {
    return List.of(verbs).contains(verb);
  }
}
