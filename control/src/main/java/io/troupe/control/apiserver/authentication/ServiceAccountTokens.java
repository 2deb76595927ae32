package io.troupe.control.apiserver.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.pki.ServiceAccountKey;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Request.User;
import io.troupe.persistence.store.WatchCache;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Bound service-account tokens: issued for a TokenRequest, honoured while the account and what the
 * token is bound to exist (KEP-1205, KEP-2799).
 */
public final class ServiceAccountTokens {
  private static final String KUBERNETES = "kubernetes.io";
  private static final String EXTRA = "authentication.kubernetes.io/";

  private final TokenSigner signer;
  private final String issuer;
  private final WatchCache cache;
  private final InstantSource clock;

  /** A token that holds, and for whom it was meant. */
  public record Verified(User user, List<String> audiences, long expiresSeconds) {}

  /** What a token is bound to beside its account: kind, name and uid, as its claims name them. */
  public record Bound(String claim, String name, String uid) {}

  public ServiceAccountTokens(
      ServiceAccountKey key, String issuer, WatchCache cache, InstantSource clock) {
    this.signer = new TokenSigner(key);
    this.issuer = issuer;
    this.cache = cache;
    this.clock = clock;
  }

  public String issuer() {
    return issuer;
  }

  /** A new token for the account; seconds is its lifetime. */
  public String issue(
      ObjectNode account, List<Bound> bound, List<String> audiences, long seconds) {
    long now = clock.instant().getEpochSecond();
    String namespace = Meta.namespace(account);
    ObjectNode claims = Json.object();
    ArrayNode aud = claims.putArray("aud");
    audiences.forEach(aud::add);
    claims.put("exp", now + seconds).put("iat", now).put("iss", issuer);
    claims.put("jti", UUID.randomUUID().toString());
    ObjectNode kubernetes = claims.putObject(KUBERNETES).put("namespace", namespace);
    for (Bound to : bound) {
      kubernetes.putObject(to.claim()).put("name", to.name()).put("uid", to.uid());
    }
    kubernetes
        .putObject("serviceaccount")
        .put("name", Meta.name(account))
        .put("uid", Meta.uid(account));
    claims.put("nbf", now);
    claims.put(
        "sub", Users.SERVICE_ACCOUNT_PREFIX + namespace + ":" + Meta.name(account));
    return signer.sign(claims);
  }

  /** Empty for tokens that are not ours, expired, or bound to something that is gone. */
  public Optional<Verified> verify(String token) {
    return signer.verify(token).filter(this::isInTime).filter(this::isBound).map(this::verified);
  }

  private boolean isInTime(JsonNode claims) {
    long now = clock.instant().getEpochSecond();
    return Json.text(claims, "iss").equals(issuer)
        && now < Json.number(claims, 0, "exp")
        && now >= Json.number(claims, 0, "nbf");
  }

  private boolean isBound(JsonNode claims) {
    JsonNode kubernetes = Json.at(claims, KUBERNETES);
    String namespace = Json.text(kubernetes, "namespace");
    return exists(Resources.SERVICE_ACCOUNTS, namespace, kubernetes.get("serviceaccount"))
        && (!kubernetes.has("pod") || exists(Resources.PODS, namespace, kubernetes.get("pod")))
        && (!kubernetes.has("secret")
            || exists(Resources.SECRETS, namespace, kubernetes.get("secret")))
        && (kubernetes.has("pod")
            || !kubernetes.has("node")
            || exists(Resources.NODES, "", kubernetes.get("node")));
  }

  /** Something being deleted stays valid for its clean-up, as upstream allows for 60 seconds. */
  private boolean exists(Resource type, String namespace, JsonNode reference) {
    if (reference == null) {
      return false;
    }
    CachedObject found = cache.find(type.key(namespace, Json.text(reference, "name")));
    if (found == null || !Meta.uid(found.tree()).equals(Json.text(reference, "uid"))) {
      return false;
    }
    String deletion = Json.text(found.tree(), "metadata", "deletionTimestamp");
    return deletion.isEmpty()
        || clock.instant().isBefore(java.time.Instant.parse(deletion).plusSeconds(60));
  }

  private Verified verified(JsonNode claims) {
    JsonNode kubernetes = Json.at(claims, KUBERNETES);
    Map<String, List<String>> extra = new HashMap<>();
    extra.put(EXTRA + "credential-id", List.of("JTI=" + Json.text(claims, "jti")));
    for (String bound : List.of("pod", "node")) {
      if (kubernetes.has(bound)) {
        extra.put(EXTRA + bound + "-name", List.of(Json.text(kubernetes, bound, "name")));
        extra.put(EXTRA + bound + "-uid", List.of(Json.text(kubernetes, bound, "uid")));
      }
    }
    User user =
        Users.authenticated(
            Json.text(claims, "sub"),
            Json.text(kubernetes, "serviceaccount", "uid"),
            Users.serviceAccountGroups(Json.text(kubernetes, "namespace")),
            extra);
    List<String> audiences = new ArrayList<>();
    Json.items(claims, "aud").forEach(a -> audiences.add(a.asText()));
    return new Verified(user, audiences, Json.number(claims, 0, "exp"));
  }
}
