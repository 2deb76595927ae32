package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a node may do: read what its own pods refer to, and nothing of other nodes' pods. The
 * references of each bound pod are counted per node as the pod comes and goes.
 */
public final class NodeAuthorizer {
  private static final String PREFIX = "system:node:";
  private static final Set<String> GRAPH =
      Set.of(
          "/secrets",
          "/configmaps",
          "/persistentvolumeclaims",
          "/persistentvolumes",
          "/serviceaccounts",
          "/pods",
          "coordination.k8s.io/leases",
          "storage.k8s.io/csinodes");
  private static final Set<String> READABLE = Set.of("", "status");
  private static final Set<String> READ = Set.of("get", "list", "watch");

  /** node → reference ({@code secrets/ns/name}) → uids of the pods that hold it. */
  private final Map<String, Map<String, Set<String>>> references = new ConcurrentHashMap<>();

  private final ClusterView view;

  public NodeAuthorizer(ClusterView view) {
    this.view = view;
    view.follow(Resources.PODS, this::onPod);
  }

  /** The node's name, when the user is a node. */
  public static Optional<String> nodeOf(User user) {
    boolean node = user.groups().contains("system:nodes") && user.name().startsWith(PREFIX);
    return node ? Optional.of(user.name().substring(PREFIX.length())) : Optional.empty();
  }

  private void onPod(ObjectChange change) {
    if (change.before() != null) {
      String node = Json.text(change.before(), "spec", "nodeName");
      Map<String, Set<String>> held = references.getOrDefault(node, Map.of());
      referencesOf(change.before())
          .forEach(
              r -> {
                Set<String> pods = held.get(r);
                if (pods != null) {
                  pods.remove(Meta.uid(change.before()));
                }
              });
    }
    if (change.after() != null && !Json.text(change.after(), "spec", "nodeName").isEmpty()) {
      Map<String, Set<String>> held =
          references.computeIfAbsent(
              Json.text(change.after(), "spec", "nodeName"), k -> new ConcurrentHashMap<>());
      referencesOf(change.after())
          .forEach(
              r ->
                  held.computeIfAbsent(r, k -> ConcurrentHashMap.newKeySet())
                      .add(Meta.uid(change.after())));
    }
  }

  private static Set<String> referencesOf(ObjectNode pod) {
    Set<String> found = new HashSet<>();
    String namespace = Meta.namespace(pod);
    collect(pod.path("spec"), namespace, found);
    String account = Json.text(pod, "spec", "serviceAccountName");
    found.add("serviceaccounts/" + namespace + "/" + account);
    return found;
  }

  /** Every place in a pod's spec where an object of its namespace is named. */
  private static void collect(JsonNode node, String namespace, Set<String> found) {
    node.properties()
        .forEach(
            e -> {
              JsonNode value = e.getValue();
              switch (e.getKey()) {
                case "secretKeyRef", "secretRef" ->
                    found.add("secrets/" + namespace + "/" + Json.text(value, "name"));
                case "configMapKeyRef", "configMapRef", "configMap" ->
                    found.add("configmaps/" + namespace + "/" + Json.text(value, "name"));
                case "secret" -> {
                  String name = Json.text(value, "secretName");
                  found.add(
                      "secrets/"
                          + namespace
                          + "/"
                          + (name.isEmpty() ? Json.text(value, "name") : name));
                }
                case "imagePullSecrets" ->
                    value.forEach(
                        s -> found.add("secrets/" + namespace + "/" + Json.text(s, "name")));
                case "persistentVolumeClaim" ->
                    found.add(
                        "persistentvolumeclaims/"
                            + namespace
                            + "/"
                            + Json.text(value, "claimName"));
                default -> {}
              }
              collect(value, namespace, found);
            });
    if (node.isArray()) {
      node.forEach(child -> collect(child, namespace, found));
    }
  }

  /** Whether the node may read the object because one of its pods refers to it. */
  boolean refers(String node, String resource, String namespace, String name) {
    Set<String> pods =
        references.getOrDefault(node, Map.of()).get(resource + "/" + namespace + "/" + name);
    return pods != null && !pods.isEmpty();
  }

  /** Whether references, and not the role of nodes, decide about the resource. */
  boolean decides(Attributes a) {
    return GRAPH.contains(a.group() + "/" + a.resource());
  }

  boolean allows(String node, Attributes a) {
    return switch (a.group() + "/" + a.resource()) {
      case "/secrets", "/configmaps" -> READ.contains(a.verb()) && named(node, a);
      case "/persistentvolumeclaims" -> a.verb().equals("get") && named(node, a);
      case "/persistentvolumes" -> a.verb().equals("get") && usesVolume(node, a.name());
      case "/serviceaccounts" ->
          (a.verb().equals("create") && a.subresource().equals("token") && named(node, a))
              || (a.verb().equals("get") && a.subresource().isEmpty() && named(node, a));
      case "/pods" -> pods(node, a);
      case "coordination.k8s.io/leases" ->
          a.namespace().equals("kube-node-lease")
              && Set.of("get", "create", "update", "patch", "delete").contains(a.verb())
              && (a.verb().equals("create") || a.name().equals(node));
      case "storage.k8s.io/csinodes" ->
          Set.of("get", "create", "update", "patch", "delete").contains(a.verb())
              && (a.verb().equals("create") || a.name().equals(node));
      default -> false;
    };
  }

  private boolean named(String node, Attributes a) {
    return !a.name().isEmpty() && refers(node, a.resource(), a.namespace(), a.name());
  }

  private boolean usesVolume(String node, String volume) {
    return view.find(Resources.PERSISTENT_VOLUMES, "", volume)
        .map(pv -> pv.path("spec").path("claimRef"))
        .filter(
            c ->
                refers(
                    node,
                    "persistentvolumeclaims",
                    Json.text(c, "namespace"),
                    Json.text(c, "name")))
        .isPresent();
  }

  /**
   * Kubelets list and watch pods by their node; one pod, its status and its eviction are theirs
   * when the pod is. No other subresource is: a node may neither bind pods nor run commands in them.
   */
  private boolean pods(String node, Attributes a) {
    return switch (a.verb()) {
      case "list", "watch" -> a.subresource().isEmpty();
      case "create" ->
          a.subresource().isEmpty() || (a.subresource().equals("eviction") && owns(node, a));
      case "get" -> READABLE.contains(a.subresource()) && !isOfAnother(node, a);
      case "delete" -> a.subresource().isEmpty() && owns(node, a);
      case "update", "patch" -> a.subresource().equals("status") && owns(node, a);
      default -> false;
    };
  }

  private boolean owns(String node, Attributes a) {
    return pod(a).filter(p -> Json.text(p, "spec", "nodeName").equals(node)).isPresent();
  }

  /** A pod that is not there is nobody's: reading it says so. */
  private boolean isOfAnother(String node, Attributes a) {
    return pod(a).filter(p -> !Json.text(p, "spec", "nodeName").equals(node)).isPresent();
  }

  private Optional<ObjectNode> pod(Attributes a) {
    return view.find(Resources.PODS, a.namespace(), a.name());
  }
}
