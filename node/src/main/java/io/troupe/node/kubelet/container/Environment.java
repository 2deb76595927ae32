package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A container's environment variables. */
final class Environment {
  private final String namespace;
  private final JsonNode container;
  private final DownwardApi downward;
  private final Sources sources;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, String> services;

  private Environment(JsonNode pod, JsonNode container, DownwardApi downward, Sources sources) {
    this.namespace = Meta.namespace(pod);
    this.container = container;
    this.downward = downward;
    this.sources = sources;
    this.services =
        ServiceEnv.of(
            sources.services(), namespace, Json.flag(pod, true, "spec", "enableServiceLinks"));
  }

  /**
   * Variables in the order: imported ones, declared ones, service ones that nobody declared.
   *
   * @throws ConfigProblem when something that is not optional is missing
   */
  static Map<String, String> of(
      JsonNode pod, JsonNode container, DownwardApi downward, Sources sources) {
    Environment environment = new Environment(pod, container, downward, sources);
    Json.items(container, "envFrom").forEach(environment::importAll);
    Json.items(container, "env").forEach(environment::declare);
    environment.services.forEach(environment.values::putIfAbsent);
    return environment.values;
  }

  private void importAll(JsonNode from) {
    String prefix = Json.text(from, "prefix");
    if (from.has("configMapRef")) {
      JsonNode ref = from.get("configMapRef");
      configMap(ref)
          .ifPresent(
              map -> Meta.texts(Json.at(map, "data")).forEach((k, v) -> values.put(prefix + k, v)));
    } else if (from.has("secretRef")) {
      secret(from.get("secretRef"))
          .ifPresent(
              secret ->
                  Meta.texts(Json.at(secret, "data"))
                      .forEach((k, v) -> values.put(prefix + k, decode(v))));
    }
  }

  private void declare(JsonNode variable) {
    String value = Json.text(variable, "value");
    JsonNode from = Json.at(variable, "valueFrom");
    if (!value.isEmpty() || !from.isObject()) {
      values.put(Json.text(variable, "name"), Expansion.expand(value, this::known));
      return;
    }
    valueFrom(from).ifPresent(found -> values.put(Json.text(variable, "name"), found));
  }

  private Optional<String> known(String name) {
    String own = values.get(name);
    return Optional.ofNullable(own == null ? services.get(name) : own);
  }

  private Optional<String> valueFrom(JsonNode from) {
    if (from.has("fieldRef")) {
      return Optional.of(downward.field(from.get("fieldRef")));
    }
    if (from.has("resourceFieldRef")) {
      return Optional.of(downward.resource(from.get("resourceFieldRef"), container));
    }
    if (from.has("configMapKeyRef")) {
      JsonNode ref = from.get("configMapKeyRef");
      return configMap(ref).flatMap(map -> key(map, ref, "ConfigMap"));
    }
    if (from.has("secretKeyRef")) {
      JsonNode ref = from.get("secretKeyRef");
      return secret(ref).flatMap(s -> key(s, ref, "Secret")).map(Environment::decode);
    }
    throw new ConfigProblem(
        "this source of a variable is not supported by this version of Troupe: "
            + String.join(", ", Meta.texts(from).keySet()));
  }

  private Optional<String> key(ObjectNode object, JsonNode ref, String kind) {
    String key = Json.text(ref, "key");
    JsonNode value = Json.at(object, "data", key);
    if (value.isTextual()) {
      return Optional.of(value.textValue());
    }
    if (Json.flag(ref, false, "optional")) {
      return Optional.empty();
    }
    throw new ConfigProblem(
        "couldn't find key "
            + key
            + " in "
            + kind
            + " "
            + namespace
            + "/"
            + Json.text(ref, "name"));
  }

  private Optional<ObjectNode> configMap(JsonNode ref) {
    return required(sources.configMap(namespace, Json.text(ref, "name")), ref, "configmap");
  }

  private Optional<ObjectNode> secret(JsonNode ref) {
    return required(sources.secret(namespace, Json.text(ref, "name")), ref, "secret");
  }

  private static Optional<ObjectNode> required(
      Optional<ObjectNode> found, JsonNode ref, String what) {
    if (found.isEmpty() && !Json.flag(ref, false, "optional")) {
      throw new ConfigProblem(what + " \"" + Json.text(ref, "name") + "\" not found");
    }
    return found;
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
