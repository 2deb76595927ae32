package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.container.Sources;
import io.troupe.node.runtime.cri.Cri;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Registry credentials from a pod's {@code imagePullSecrets} that fit an image. */
final class PullSecrets {
  private PullSecrets() {}

  static List<Cri.AuthConfig> of(String image, JsonNode pod, Sources sources) {
    List<Cri.AuthConfig> found = new ArrayList<>();
    for (JsonNode reference : Json.items(pod, "spec", "imagePullSecrets")) {
      sources
          .secret(Meta.namespace(pod), Json.text(reference, "name"))
          .ifPresent(secret -> add(image, secret, found));
    }
    return found;
  }

  private static void add(String image, JsonNode secret, List<Cri.AuthConfig> found) {
    String modern = Json.text(secret, "data", ".dockerconfigjson");
    String legacy = Json.text(secret, "data", ".dockercfg");
    JsonNode registries =
        modern.isEmpty()
            ? legacy.isEmpty() ? Json.object() : decode(legacy)
            : Json.at(decode(modern), "auths");
    for (var registry : registries.properties()) {
      if (fits(registry.getKey(), image)) {
        found.add(auth(registry.getValue()));
      }
    }
  }

  private static JsonNode decode(String base64) {
    return Json.parse(Base64.getDecoder().decode(base64));
  }

  private static boolean fits(String registry, String image) {
    String host = registry.replaceFirst("^https?://", "").replaceFirst("/(v1|v2)?/?$", "");
    String full =
        image.contains("/") && image.split("/")[0].matches(".*[.:].*|localhost")
            ? image
            : "docker.io/" + image;
    String name = host.equals("index.docker.io") ? "docker.io" : host;
    return full.startsWith(name + "/") || full.equals(name);
  }

  private static Cri.AuthConfig auth(JsonNode entry) {
    var auth =
        Cri.AuthConfig.newBuilder()
            .setUsername(Json.text(entry, "username"))
            .setPassword(Json.text(entry, "password"));
    String combined = Json.text(entry, "auth");
    if (!combined.isEmpty()) {
      String[] parts =
          new String(Base64.getDecoder().decode(combined), StandardCharsets.UTF_8).split(":", 2);
      auth.setUsername(parts[0]).setPassword(parts.length > 1 ? parts[1] : "");
    }
    return auth.build();
  }
}
