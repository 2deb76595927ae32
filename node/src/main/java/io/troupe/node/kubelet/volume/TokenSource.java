package io.troupe.node.kubelet.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Service-account tokens bound to pods, asked for anew when 80 % of their life or a day is over.
 */
final class TokenSource {
  private static final Duration AGE_MAX = Duration.ofHours(24);

  private record Key(String podUid, String audience, long expirationSeconds) {}

  private record Token(String text, Instant refreshAt) {}

  private final KubeClient client;
  private final Clock clock;
  private final Map<Key, Token> tokens = new ConcurrentHashMap<>();

  TokenSource(KubeClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  String token(JsonNode pod, JsonNode source) {
    Key key =
        new Key(
            Meta.uid(pod),
            Json.text(source, "audience"),
            Json.number(source, 3600, "expirationSeconds"));
    Token known = tokens.get(key);
    if (known == null || !clock.instant().isBefore(known.refreshAt())) {
      known = request(pod, key);
      tokens.put(key, known);
    }
    return known.text();
  }

  private Token request(JsonNode pod, Key key) {
    ObjectNode body = Json.object();
    body.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    ObjectNode spec = body.putObject("spec");
    var audiences = spec.putArray("audiences");
    if (!key.audience().isEmpty()) {
      audiences.add(key.audience());
    }
    spec.put("expirationSeconds", key.expirationSeconds());
    spec.putObject("boundObjectRef")
        .put("kind", "Pod")
        .put("apiVersion", "v1")
        .put("name", Meta.name(pod))
        .put("uid", Meta.uid(pod));
    String account = Json.text(pod, "spec", "serviceAccountName");
    ObjectNode answer =
        client.post(
            Resources.SERVICE_ACCOUNTS,
            Meta.namespace(pod),
            account.isEmpty() ? "default" : account,
            "token",
            body);
    Instant now = clock.instant();
    String expiry = Json.text(answer, "status", "expirationTimestamp");
    Duration life =
        expiry.isEmpty()
            ? Duration.ofSeconds(key.expirationSeconds())
            : Duration.between(now, Instant.parse(expiry));
    Duration use = life.multipliedBy(8).dividedBy(10);
    return new Token(
        Json.text(answer, "status", "token"), now.plus(use.compareTo(AGE_MAX) > 0 ? AGE_MAX : use));
  }

  void forget(String podUid) {
    tokens.keySet().removeIf(key -> key.podUid().equals(podUid));
  }
}
