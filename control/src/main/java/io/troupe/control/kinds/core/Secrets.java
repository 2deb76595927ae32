package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Secret. */
final class Secrets {
  private static final FieldPath DATA = FieldPath.of("data");

  private Secrets() {}

  static Strategy strategy() {
    return Strategy.of("", "Secret")
        .defaults(Secrets::defaults)
        .prepareUpdate((s, old, facts) -> Fill.text(s, "type", Json.text(old, "type")))
        .validate(Secrets::validate)
        .alsoOnUpdate(
            (s, old, errors) -> {
              At.root(s, errors).immutable("type", old);
              ConfigMaps.immutable(s, old, List.of("data"), errors);
            })
        .selectable("type", o -> Json.text(o, "type"))
        .columns(
            Columns.of("Name", "Type", "Data", "Age")
                .row(
                    (s, now, row) -> {
                      row.add(Json.text(s, "type"));
                      row.add((long) s.path("data").size());
                      row.add(Columns.age(s, now));
                    }))
        .build();
  }

  /** {@code stringData} is written as data and never shown. */
  private static void defaults(ObjectNode secret) {
    Fill.text(secret, "type", "Opaque");
    if (secret.get("stringData") instanceof ObjectNode texts) {
      ObjectNode data = Fill.object(secret, "data");
      for (Map.Entry<String, JsonNode> text : texts.properties()) {
        byte[] bytes = text.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    secret.remove("stringData");
  }

  private static void validate(ObjectNode secret, Errors errors) {
    long bytes = 0;
    for (Map.Entry<String, JsonNode> entry : secret.path("data").properties()) {
      errors.invalid(DATA.key(entry.getKey()), entry.getKey(), Names.configKey(entry.getKey()));
      bytes += ConfigMaps.decodedLength(entry.getValue().asText());
    }
    if (bytes > ConfigMaps.MAX_BYTES) {
      errors.tooLong(DATA, ConfigMaps.MAX_BYTES);
    }
    type(secret, errors);
  }

  private static void type(ObjectNode secret, Errors errors) {
    String account = "kubernetes.io/service-account.name";
    switch (Json.text(secret, "type")) {
      case "kubernetes.io/service-account-token" -> {
        if (Meta.annotations(secret).getOrDefault(account, "").isEmpty()) {
          errors.required(FieldPath.METADATA.child("annotations").key(account), "");
        }
      }
      case "kubernetes.io/dockercfg" -> json(secret, ".dockercfg", errors);
      case "kubernetes.io/dockerconfigjson" -> json(secret, ".dockerconfigjson", errors);
      case "kubernetes.io/basic-auth" -> {
        if (!has(secret, "username") && !has(secret, "password")) {
          errors.required(DATA.key("username"), "");
          errors.required(DATA.key("password"), "");
        }
      }
      case "kubernetes.io/ssh-auth" -> {
        if (Json.text(secret, "data", "ssh-privatekey").isEmpty()) {
          errors.required(DATA.key("ssh-privatekey"), "");
        }
      }
      case "kubernetes.io/tls" -> {
        for (String key : List.of("tls.crt", "tls.key")) {
          if (!has(secret, key)) {
            errors.required(DATA.key(key), "");
          }
        }
      }
      default -> {}
    }
  }

  private static boolean has(ObjectNode secret, String key) {
    return secret.path("data").has(key);
  }

  private static void json(ObjectNode secret, String key, Errors errors) {
    if (!has(secret, key)) {
      errors.required(DATA.key(key), "");
      return;
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(Json.text(secret, "data", key));
      if (!Json.MAPPER.readTree(bytes).isObject()) {
        throw new IOException("not an object");
      }
    } catch (IOException | IllegalArgumentException e) {
      errors.invalid(
          DATA.key(key), "<secret contents redacted>", "invalid character in JSON document");
    }
  }
}
