package io.troupe.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A bootstrap token as Kubernetes defines it: six characters that name it, sixteen that are secret.
 */
public record BootstrapToken(String id, String secret) {
  private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  public static BootstrapToken random() {
    SecureRandom random = new SecureRandom();
    return new BootstrapToken(characters(random, 6), characters(random, 16));
  }

  private static String characters(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return text.toString();
  }

  /** The Secret that makes the token good until the expiration. */
  public ObjectNode secretObject(Instant expiration) {
    ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Secret");
    object
        .putObject("metadata")
        .put("name", "bootstrap-token-" + id)
        .put("namespace", "kube-system");
    object.put("type", "bootstrap.kubernetes.io/token");
    object
        .putObject("stringData")
        .put("token-id", id)
        .put("token-secret", secret)
        .put("expiration", expiration.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("usage-bootstrap-authentication", "true")
        .put("description", "made by troupe node token");
    return object;
  }

  @Override
  public String toString() {
    return id + "." + secret;
  }
}
