package io.troupe.control.apiserver.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bound service-account tokens (KEP-1205): made for a TokenRequest, good while they have not
 * expired and while their account, and the pod, node or secret that they are bound to, still exist
 * with the same uid.
 */
public final class ServiceAccountTokens {
  private static final String CLAIMS = "kubernetes.io";

  private final TokenSigner signer;
  private final String issuer;
  private final List<String> apiAudiences;
  private final ClusterView view;

  /** The issuer is also the default audience. */
  public ServiceAccountTokens(TokenSigner signer, String issuer, ClusterView view) {
    this.signer = signer;
    this.issuer = issuer;
    this.apiAudiences = List.of(issuer);
    this.view = view;
  }

  /** What a token is bound to besides its account; the kind is "" for nothing. */
  public record Binding(String kind, String name, String uid) {
    public static final Binding NONE = new Binding("", "", "");
  }

  /** A checked token: its user and the audiences it was made for. */
  public record Checked(User user, List<String> audiences) {}

  public List<String> apiAudiences() {
    return apiAudiences;
  }

  public String issuer() {
    return issuer;
  }

  public TokenSigner signer() {
    return signer;
  }

  /** Makes a token; seconds since the epoch. */
  public String issue(
      ObjectNode account,
      Binding binding,
      ObjectNode node,
      List<String> audiences,
      long nowSeconds,
      long lifeSeconds,
      String id) {
    ObjectNode claims = Json.object();
    audiences.forEach(claims.putArray("aud")::add);
    claims.put("exp", nowSeconds + lifeSeconds).put("iat", nowSeconds).put("nbf", nowSeconds);
    claims.put("iss", issuer).put("jti", id);
    ObjectNode own = claims.putObject(CLAIMS).put("namespace", Meta.namespace(account));
    own.putObject("serviceaccount").put("name", Meta.name(account)).put("uid", Meta.uid(account));
    if (!binding.kind().isEmpty()) {
      String field = binding.kind().toLowerCase(java.util.Locale.ROOT);
      own.putObject(field).put("name", binding.name()).put("uid", binding.uid());
    }
    if (node != null) {
      own.putObject("node").put("name", Meta.name(node)).put("uid", Meta.uid(node));
    }
    claims.put("sub", userName(Meta.namespace(account), Meta.name(account)));
    return signer.sign(claims);
  }

  static String userName(String namespace, String account) {
    return "system:serviceaccount:" + namespace + ":" + account;
  }

  /** Checks a token for any of the audiences; empty when it must not be believed. */
  public Optional<Checked> check(String token, List<String> audiences, long nowSeconds) {
    Optional<ObjectNode> signed = signer.check(token);
    if (signed.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode claims = signed.get();
    List<String> shared =
        Json.items(claims, "aud").stream()
            .map(JsonNode::asText)
            .filter(audiences::contains)
            .toList();
    boolean inTime =
        nowSeconds < Json.number(claims, 0, "exp")
            && nowSeconds >= Json.number(claims, Long.MAX_VALUE, "nbf");
    if (!inTime
        || shared.isEmpty()
        || !Json.text(claims, "iss").equals(issuer)
        || !stillBound(claims)) {
      return Optional.empty();
    }
    return Optional.of(new Checked(user(claims), shared));
  }

  private boolean stillBound(ObjectNode claims) {
    JsonNode own = claims.path(CLAIMS);
    String namespace = Json.text(own, "namespace");
    return lives(Resources.SERVICE_ACCOUNTS, namespace, own.path("serviceaccount"))
        && (!own.has("pod") || lives(Resources.PODS, namespace, own.path("pod")))
        && (!own.has("secret") || lives(Resources.SECRETS, namespace, own.path("secret")))
        && (!own.has("node") || own.has("pod") || lives(Resources.NODES, "", own.path("node")));
  }

  private boolean lives(Resource type, String namespace, JsonNode reference) {
    return view.find(type, namespace, Json.text(reference, "name"))
        .filter(o -> Meta.uid(o).equals(Json.text(reference, "uid")))
        .isPresent();
  }

  private static User user(ObjectNode claims) {
    JsonNode own = claims.path(CLAIMS);
    String namespace = Json.text(own, "namespace");
    Map<String, List<String>> extra = new LinkedHashMap<>();
    extra.put(
        "authentication.kubernetes.io/credential-id", List.of("JTI=" + Json.text(claims, "jti")));
    for (String bound : List.of("pod", "node")) {
      if (own.has(bound)) {
        extra.put(
            "authentication.kubernetes.io/" + bound + "-name",
            List.of(Json.text(own, bound, "name")));
        extra.put(
            "authentication.kubernetes.io/" + bound + "-uid",
            List.of(Json.text(own, bound, "uid")));
      }
    }
    List<String> groups = new ArrayList<>();
    groups.add("system:serviceaccounts");
    groups.add("system:serviceaccounts:" + namespace);
    groups.add("system:authenticated");
    String name = userName(namespace, Json.text(own, "serviceaccount", "name"));
    return new User(name, Json.text(own, "serviceaccount", "uid"), groups, extra, "");
  }
}
