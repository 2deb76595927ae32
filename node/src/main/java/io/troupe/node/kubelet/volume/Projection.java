package io.troupe.node.kubelet.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.container.ConfigProblem;
import io.troupe.node.kubelet.container.DownwardApi;
import io.troupe.node.kubelet.container.Sources;
import io.troupe.node.kubelet.pod.PodSpec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of configMap, secret, downwardAPI and projected volumes. */
final class Projection {
  private static final int DEFAULT_MODE = 0644;

  private final JsonNode pod;
  private final Sources sources;
  private final DownwardApi downward;
  private final TokenSource tokens;
  private final Map<String, FileEntry> files = new LinkedHashMap<>();

  Projection(JsonNode pod, Sources sources, DownwardApi downward, TokenSource tokens) {
    this.pod = pod;
    this.sources = sources;
    this.downward = downward;
    this.tokens = tokens;
  }

  Map<String, FileEntry> files() {
    return files;
  }

  private static int mode(JsonNode volume) {
    return (int) Json.number(volume, DEFAULT_MODE, "defaultMode");
  }

  void configMap(JsonNode source, int mode) {
    String name = Json.text(source, "name");
    found(sources.configMap(Meta.namespace(pod), name), source, "configmap", name)
        .ifPresent(
            map -> {
              Map<String, byte[]> keys = new LinkedHashMap<>();
              Meta.texts(Json.at(map, "data"))
                  .forEach((k, v) -> keys.put(k, v.getBytes(StandardCharsets.UTF_8)));
              Meta.texts(Json.at(map, "binaryData"))
                  .forEach((k, v) -> keys.put(k, Base64.getDecoder().decode(v)));
              items(source, keys, mode, "references non-existent config key: ");
            });
  }

  void secret(JsonNode source, String nameField, int mode) {
    String name = Json.text(source, nameField);
    found(sources.secret(Meta.namespace(pod), name), source, "secret", name)
        .ifPresent(
            secret -> {
              Map<String, byte[]> keys = new LinkedHashMap<>();
              Meta.texts(Json.at(secret, "data"))
                  .forEach((k, v) -> keys.put(k, Base64.getDecoder().decode(v)));
              items(source, keys, mode, "references non-existent secret key: ");
            });
  }

  private static Optional<ObjectNode> found(
      Optional<ObjectNode> object, JsonNode source, String what, String name) {
    if (object.isEmpty() && !Json.flag(source, false, "optional")) {
      throw new MountProblem(what + " \"" + name + "\" not found");
    }
    return object;
  }

  private void items(JsonNode source, Map<String, byte[]> keys, int mode, String missing) {
    if (!source.has("items")) {
      keys.forEach((key, value) -> files.put(key, new FileEntry(value, mode, 0)));
      return;
    }
    for (JsonNode item : Json.items(source, "items")) {
      byte[] value = keys.get(Json.text(item, "key"));
      if (value != null) {
        int own = (int) Json.number(item, mode, "mode");
        files.put(Json.text(item, "path"), new FileEntry(value, own, 0));
      } else if (!Json.flag(source, false, "optional")) {
        throw new MountProblem(missing + Json.text(item, "key"));
      }
    }
  }

  void downward(JsonNode source, int mode) {
    for (JsonNode item : Json.items(source, "items")) {
      String value =
          item.has("fieldRef")
              ? downward.field(item.get("fieldRef"))
              : resource(item.get("resourceFieldRef"));
      int own = (int) Json.number(item, mode, "mode");
      files.put(
          Json.text(item, "path"), new FileEntry(value.getBytes(StandardCharsets.UTF_8), own, 0));
    }
  }

  private String resource(JsonNode ref) {
    JsonNode container =
        PodSpec.container(pod, Json.text(ref, "containerName"))
            .orElseThrow(() -> new ConfigProblem("downward API names no container of the pod"));
    return downward.resource(ref, container);
  }

  /** All sources of a projected volume. */
  void projected(JsonNode volume) {
    int mode = mode(volume);
    for (JsonNode source : Json.items(volume, "sources")) {
      if (source.has("serviceAccountToken")) {
        token(source.get("serviceAccountToken"), mode);
      } else if (source.has("configMap")) {
        configMap(source.get("configMap"), mode);
      } else if (source.has("secret")) {
        secret(source.get("secret"), "name", mode);
      } else if (source.has("downwardAPI")) {
        downward(source.get("downwardAPI"), mode);
      } else {
        throw new MountProblem(
            "projected source "
                + String.join(", ", Meta.texts(source).keySet())
                + " is not supported by this version of Troupe");
      }
    }
  }

  /** A token is readable by the pod's group or one user alone, where the spec names one. */
  private void token(JsonNode source, int mode) {
    boolean group = Json.at(pod, "spec", "securityContext", "fsGroup").isNumber();
    Optional<Long> user = onlyUser();
    int own = user.isPresent() || group ? 0600 : mode;
    files.put(
        Json.text(source, "path"),
        new FileEntry(
            tokens.token(pod, source).getBytes(StandardCharsets.UTF_8), own, user.orElse(0L)));
  }

  private Optional<Long> onlyUser() {
    JsonNode podUser = Json.at(pod, "spec", "securityContext", "runAsUser");
    Set<Long> users =
        PodSpec.allContainers(pod)
            .map(
                c -> {
                  JsonNode own = Json.at(c, "securityContext", "runAsUser");
                  return own.isNumber()
                      ? own.longValue()
                      : podUser.isNumber() ? podUser.longValue() : -1;
                })
            .collect(Collectors.toSet());
    long user = users.size() == 1 ? users.iterator().next() : -1;
    return user >= 0 ? Optional.of(user) : Optional.empty();
  }

  /** The volume's own kind: its field and value. */
  void volume(String kind, JsonNode source) {
    switch (kind) {
      case "configMap" -> configMap(source, mode(source));
      case "secret" -> secret(source, "secretName", mode(source));
      case "downwardAPI" -> downward(source, mode(source));
      case "projected" -> projected(source);
      default -> throw new IllegalArgumentException(kind);
    }
  }
}
