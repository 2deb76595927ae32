package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which objects are tied to a node through the pods that run there. */
final class NodeGraph {
  private static final Resource ATTACHMENTS =
      new Resource("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false);

  static final Resource SLICES =
      new Resource("resource.k8s.io", "v1", "resourceslices", "ResourceSlice", false);
  static final Resource CERTIFICATE_REQUESTS =
      new Resource(
          "certificates.k8s.io", "v1", "podcertificaterequests", "PodCertificateRequest", true);

  private record PodTies(String namespace, Set<String> references) {}

  /** By node, then by pod {@code <namespace>/<name>}. */
  private final Map<String, Map<String, PodTies>> pods = new ConcurrentHashMap<>();

  private final Map<String, String> attachmentNodes = new ConcurrentHashMap<>();
  private final ClusterView view;

  NodeGraph(ClusterView view) {
    this.view = view;
    view.follow(Resources.PODS, this::onPod);
    view.follow(ATTACHMENTS, this::onAttachment);
  }

  private void onPod(ObjectChange change) {
    ObjectNode pod = change.object();
    String node = Json.text(pod, "spec", "nodeName");
    if (node.isEmpty()) {
      return;
    }
    String key = Meta.namespace(pod) + "/" + Meta.name(pod);
    if (change.after() == null) {
      Map<String, PodTies> onNode = pods.get(node);
      if (onNode != null) {
        onNode.remove(key);
      }
    } else if (change.before() == null || tiesMayDiffer(change)) {
      pods.computeIfAbsent(node, n -> new ConcurrentHashMap<>())
          .put(key, new PodTies(Meta.namespace(pod), PodReferences.of(pod)));
    }
  }

  /** A pod's references are fixed but for binding, ephemeral containers and resource claims. */
  private static boolean tiesMayDiffer(ObjectChange change) {
    return !Json.text(change.before(), "spec", "nodeName")
            .equals(Json.text(change.after(), "spec", "nodeName"))
        || Meta.generation(change.before()) != Meta.generation(change.after())
        || change.after().has("status")
            && !Json.at(change.before(), "status", "resourceClaimStatuses")
                .equals(Json.at(change.after(), "status", "resourceClaimStatuses"));
  }

  private void onAttachment(ObjectChange change) {
    String name = Meta.name(change.object());
    if (change.after() == null) {
      attachmentNodes.remove(name);
    } else {
      attachmentNodes.put(name, Json.text(change.after(), "spec", "nodeName"));
    }
  }

  /** Whether a pod on the node refers to it; kind is one of {@link PodReferences}'s. */
  boolean refers(String node, String namespace, String kind, String name) {
    String wanted = kind + name;
    for (PodTies ties : pods.getOrDefault(node, Map.of()).values()) {
      if (ties.namespace().equals(namespace) && ties.references().contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  boolean hasPod(String node, String namespace, String name) {
    return pods.getOrDefault(node, Map.of()).containsKey(namespace + "/" + name);
  }

  /** Whether a pod on the node uses the volume through its claim. */
  boolean usesVolume(String node, String volume) {
    ObjectNode claimed = view.find(Resources.PERSISTENT_VOLUMES, "", volume).orElse(null);
    if (claimed == null) {
      return false;
    }
    return refers(
        node,
        Json.text(claimed, "spec", "claimRef", "namespace"),
        PodReferences.CLAIM,
        Json.text(claimed, "spec", "claimRef", "name"));
  }

  /** Whether a volume that a pod on the node uses names the secret. */
  boolean usesVolumeSecret(String node, String namespace, String name) {
    for (ObjectNode volume : view.list(Resources.PERSISTENT_VOLUMES, "")) {
      if (namesSecret(volume, namespace, name) && usesVolume(node, Meta.name(volume))) {
        return true;
      }
    }
    return false;
  }

  private static boolean namesSecret(ObjectNode volume, String namespace, String name) {
    return volume.path("spec").findValues("name").stream().anyMatch(n -> n.asText().equals(name))
        && Json.at(volume, "spec").properties().stream()
            .flatMap(source -> source.getValue().properties().stream())
            .filter(
                field -> field.getKey().endsWith("SecretRef") || field.getKey().equals("secretRef"))
            .anyMatch(
                field ->
                    Json.text(field.getValue(), "name").equals(name)
                        && Json.text(field.getValue(), "namespace").equals(namespace));
  }

  /** Whether an object names the node as its own. */
  boolean isNamedIn(String node, Resource type, String namespace, String name) {
    return view.find(type, namespace, name)
        .filter(object -> Json.text(object, "spec", "nodeName").equals(node))
        .isPresent();
  }

  boolean isAttachedTo(String node, String attachment) {
    return node.equals(attachmentNodes.get(attachment));
  }
}
