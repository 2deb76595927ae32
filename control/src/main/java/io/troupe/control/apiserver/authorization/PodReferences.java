package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.HashSet;
import java.util.Set;

/** What a pod lets its node read, as {@code <kind>/<name>} in the pod's namespace. */
public final class PodReferences {
  static final String SECRET = "secrets/";
  static final String CONFIG_MAP = "configmaps/";
  static final String CLAIM = "persistentvolumeclaims/";
  static final String SERVICE_ACCOUNT = "serviceaccounts/";
  static final String RESOURCE_CLAIM = "resourceclaims/";

  private static final Set<String> CONTAINERS =
      Set.of("initContainers", "containers", "ephemeralContainers");

  private final Set<String> found = new HashSet<>();

  private PodReferences() {}

  public static Set<String> of(ObjectNode pod) {
    PodReferences references = new PodReferences();
    JsonNode spec = Json.at(pod, "spec");
    references.add(SERVICE_ACCOUNT, Json.text(spec, "serviceAccountName"));
    Json.items(spec, "imagePullSecrets").forEach(s -> references.add(SECRET, Json.text(s, "name")));
    CONTAINERS.forEach(list -> Json.items(spec, list).forEach(references::container));
    Json.items(spec, "volumes").forEach(v -> references.volume(pod, v));
    Json.items(spec, "resourceClaims")
        .forEach(c -> references.add(RESOURCE_CLAIM, Json.text(c, "resourceClaimName")));
    Json.items(pod, "status", "resourceClaimStatuses")
        .forEach(c -> references.add(RESOURCE_CLAIM, Json.text(c, "resourceClaimName")));
    return Set.copyOf(references.found);
  }

  private void container(JsonNode container) {
    for (JsonNode env : Json.items(container, "env")) {
      add(SECRET, Json.text(env, "valueFrom", "secretKeyRef", "name"));
      add(CONFIG_MAP, Json.text(env, "valueFrom", "configMapKeyRef", "name"));
    }
    for (JsonNode from : Json.items(container, "envFrom")) {
      add(SECRET, Json.text(from, "secretRef", "name"));
      add(CONFIG_MAP, Json.text(from, "configMapRef", "name"));
    }
  }

  private void volume(ObjectNode pod, JsonNode volume) {
    add(SECRET, Json.text(volume, "secret", "secretName"));
    add(CONFIG_MAP, Json.text(volume, "configMap", "name"));
    add(CLAIM, Json.text(volume, "persistentVolumeClaim", "claimName"));
    if (volume.has("ephemeral")) {
      add(CLAIM, Json.text(pod, "metadata", "name") + "-" + Json.text(volume, "name"));
    }
    for (JsonNode source : Json.items(volume, "projected", "sources")) {
      add(SECRET, Json.text(source, "secret", "name"));
      add(CONFIG_MAP, Json.text(source, "configMap", "name"));
    }
    for (String driver : Set.of("cephfs", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos")) {
      add(SECRET, Json.text(volume, driver, "secretRef", "name"));
    }
    add(SECRET, Json.text(volume, "azureFile", "secretName"));
    add(SECRET, Json.text(volume, "csi", "nodePublishSecretRef", "name"));
  }

  private void add(String kind, String name) {
    if (!name.isEmpty()) {
      found.add(kind + name);
    }
  }
}
