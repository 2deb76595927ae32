package io.troupe.control.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.authentication.ServiceAccountTokens;
import io.troupe.control.apiserver.authentication.ServiceAccountTokens.Binding;
import io.troupe.control.apiserver.authorization.Attributes;
import io.troupe.control.apiserver.authorization.Authorizer;
import io.troupe.control.apiserver.authorization.NodeAuthorizer;
import io.troupe.control.apiserver.authorization.Rule;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.RequestInfo;
import io.troupe.control.apiserver.rest.Protobuf;
import io.troupe.control.apiserver.rest.RestApi;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Request.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Resources that can only be created and are never stored: reviews, and tokens of service accounts.
 */
final class VirtualResources {
  private static final long DEFAULT_TOKEN_SECONDS = 3_600;
  private static final long MIN_TOKEN_SECONDS = 600;
  private static final long MAX_TOKEN_SECONDS = 1L << 32;

  private final RestApi rest;
  private final ObjectStore store;
  private final ServiceAccountTokens tokens;
  private final Authorizer authorizer;
  private final Protobuf protobuf;

  VirtualResources(
      RestApi rest,
      ObjectStore store,
      ServiceAccountTokens tokens,
      Authorizer authorizer,
      Protobuf protobuf) {
    this.rest = rest;
    this.store = store;
    this.tokens = tokens;
    this.authorizer = authorizer;
    this.protobuf = protobuf;
  }

  /** Answers when the request is for one of these resources. */
  boolean answers(Exchange exchange, byte[] body) {
    RequestInfo info = exchange.info();
    boolean token = info.resource().equals("serviceaccounts") && info.subresource().equals("token");
    boolean review =
        info.group().equals("authentication.k8s.io") || info.group().equals("authorization.k8s.io");
    if (!token && !review) {
      return false;
    }
    rest.kind(info);
    if (!info.verb().equals("create")) {
      throw new RefusedException(
          Refusal.methodNotAllowed(
              new io.troupe.api.object.GroupResource(info.group(), info.resource()), info.verb()));
    }
    ObjectNode asked = rest.read(exchange, body, protobuf).deepCopy();
    ObjectNode answer =
        switch (info.resource()) {
          case "serviceaccounts" -> token(exchange, asked);
          case "tokenreviews" -> tokenReview(exchange, asked);
          case "selfsubjectreviews" -> selfReview(exchange, asked);
          case "subjectaccessreviews", "localsubjectaccessreviews" ->
              accessReview(reviewed(asked, info), asked);
          case "selfsubjectaccessreviews" -> accessReview(exchange.user(), asked);
          case "selfsubjectrulesreviews" -> rulesReview(exchange, asked);
          default -> throw new RefusedException(RestApi.pathNotFound());
        };
    rest.answerVirtual(exchange, 201, answer);
    return true;
  }

  private ObjectNode token(Exchange exchange, ObjectNode asked) {
    RequestInfo info = exchange.info();
    ObjectNode account = live(Resources.SERVICE_ACCOUNTS.key(info.namespace(), info.name()));
    JsonNode spec = asked.path("spec");
    long wanted = Json.number(spec, DEFAULT_TOKEN_SECONDS, "expirationSeconds");
    checkLife(info.name(), wanted);
    Binding binding = binding(info.namespace(), spec.path("boundObjectRef"));
    ObjectNode node = null;
    if (binding.kind().equals("Pod")) {
      ObjectNode pod = live(Resources.PODS.key(info.namespace(), binding.name()));
      if (!Json.text(pod, "spec", "serviceAccountName").equals(info.name())) {
        throw new RefusedException(
            Refusal.badRequest(
                "cannot bind token for serviceaccount \"%s\" to pod running with different serviceaccount name."
                    .formatted(info.name())));
      }
      String nodeName = Json.text(pod, "spec", "nodeName");
      node = nodeName.isEmpty() ? null : find(Resources.NODES.key("", nodeName));
    }
    checkNodesToken(exchange, binding, spec.path("boundObjectRef"), node);
    List<String> audiences = new ArrayList<>();
    Json.items(spec, "audiences").forEach(a -> audiences.add(a.asText()));
    if (audiences.isEmpty()) {
      audiences.addAll(tokens.apiAudiences());
    }
    long now = exchange.startMillis() / 1_000;
    String token =
        tokens.issue(account, binding, node, audiences, now, wanted, UUID.randomUUID().toString());
    asked.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    ObjectNode metadata =
        asked.putObject("metadata").put("name", info.name()).put("namespace", info.namespace());
    metadata.put("creationTimestamp", Instant.ofEpochSecond(now).toString());
    ObjectNode newSpec = Json.ensure(asked, "spec").put("expirationSeconds", wanted);
    audiences.forEach(newSpec.putArray("audiences")::add);
    asked
        .putObject("status")
        .put("token", token)
        .put("expirationTimestamp", Instant.ofEpochSecond(now + wanted).toString());
    return asked;
  }

  /** A node gets tokens only for the pods that run on it. */
  private static void checkNodesToken(
      Exchange exchange, Binding binding, JsonNode reference, ObjectNode podsNode) {
    String asking = NodeAuthorizer.nodeOf(exchange.user()).orElse("");
    if (asking.isEmpty()) {
      return;
    }
    String why = "";
    if (!binding.kind().equals("Pod")) {
      why = "node requested token not bound to a pod";
    } else if (Json.text(reference, "uid").isEmpty()) {
      why = "node requested token with a pod binding without a uid";
    } else if (podsNode == null || !Meta.name(podsNode).equals(asking)) {
      why = "node requested token bound to a pod scheduled on a different node";
    }
    if (!why.isEmpty()) {
      throw new RefusedException(
          Refusal.forbidden(Resources.SERVICE_ACCOUNTS.type(), exchange.info().name(), why));
    }
  }

  private static void checkLife(String name, long seconds) {
    if (seconds < MIN_TOKEN_SECONDS || seconds > MAX_TOKEN_SECONDS) {
      String problem =
          seconds < MIN_TOKEN_SECONDS
              ? "may not specify a duration less than 10 minutes"
              : "may not specify a duration larger than 2^32 seconds";
      String message = "Invalid value: %d: %s".formatted(seconds, problem);
      throw new RefusedException(
          Refusal.invalid(
              "authentication.k8s.io",
              "TokenRequest",
              name,
              List.of(new Refusal.Cause("FieldValueInvalid", message, "spec.expirationSeconds"))));
    }
  }

  private Binding binding(String namespace, JsonNode reference) {
    String kind = Json.text(reference, "kind");
    if (kind.isEmpty()) {
      return Binding.NONE;
    }
    String name = Json.text(reference, "name");
    ObjectNode bound =
        switch (kind) {
          case "Pod" -> live(Resources.PODS.key(namespace, name));
          case "Secret" -> live(Resources.SECRETS.key(namespace, name));
          case "Node" -> live(Resources.NODES.key("", name));
          default ->
              throw new RefusedException(
                  Refusal.badRequest("cannot bind token for serviceaccount to kind " + kind));
        };
    String uid = Json.text(reference, "uid");
    if (!uid.isEmpty() && !uid.equals(Meta.uid(bound))) {
      throw new RefusedException(
          Refusal.conflict(
              Resources.PODS.type(),
              name,
              "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
                  .formatted(uid)));
    }
    return new Binding(kind, name, Meta.uid(bound));
  }

  private ObjectNode find(ObjectKey key) {
    CachedObject found = store.cache().find(key);
    return found == null ? null : found.tree();
  }

  private ObjectNode live(ObjectKey key) {
    ObjectNode found = find(key);
    if (found == null) {
      throw new RefusedException(Refusal.notFound(key.type(), key.name()));
    }
    return found;
  }

  private ObjectNode tokenReview(Exchange exchange, ObjectNode review) {
    List<String> audiences = new ArrayList<>();
    Json.items(review, "spec", "audiences").forEach(a -> audiences.add(a.asText()));
    List<String> accepted = audiences.isEmpty() ? tokens.apiAudiences() : audiences;
    ObjectNode status = review.putObject("status");
    var checked =
        tokens.check(Json.text(review, "spec", "token"), accepted, exchange.startMillis() / 1_000);
    if (checked.isEmpty()) {
      status.put("authenticated", false).put("error", "invalid bearer token");
    } else {
      status.put("authenticated", true).set("user", userInfo(checked.get().user()));
      checked.get().audiences().forEach(status.putArray("audiences")::add);
    }
    return named(review, "authentication.k8s.io/v1", "TokenReview");
  }

  private static ObjectNode named(ObjectNode review, String apiVersion, String kind) {
    if (!review.has("metadata")) {
      review.putObject("metadata");
    }
    return review.put("apiVersion", apiVersion).put("kind", kind);
  }

  private static ObjectNode userInfo(User user) {
    ObjectNode info = Json.object().put("username", user.name());
    if (!user.uid().isEmpty()) {
      info.put("uid", user.uid());
    }
    user.groups().forEach(info.putArray("groups")::add);
    if (!user.extra().isEmpty()) {
      ObjectNode extra = info.putObject("extra");
      user.extra().forEach((key, values) -> values.forEach(extra.withArray(key)::add));
    }
    return info;
  }

  private static ObjectNode selfReview(Exchange exchange, ObjectNode review) {
    review.putObject("status").set("userInfo", userInfo(exchange.user()));
    return named(review, "authentication.k8s.io/v1", "SelfSubjectReview");
  }

  private static User reviewed(ObjectNode review, RequestInfo info) {
    String inside = Json.text(review, "spec", "resourceAttributes", "namespace");
    if (info.resource().startsWith("local") && !inside.equals(info.namespace())) {
      throw new RefusedException(
          Refusal.badRequest(
              "spec.resourceAttributes.namespace must match namespace: " + info.namespace()));
    }
    return reviewed(review);
  }

  private static User reviewed(ObjectNode review) {
    JsonNode spec = review.path("spec");
    List<String> groups = new ArrayList<>();
    Json.items(spec, "groups").forEach(g -> groups.add(g.asText()));
    Map<String, List<String>> extra = new LinkedHashMap<>();
    spec.path("extra")
        .properties()
        .forEach(
            e -> {
              List<String> values = new ArrayList<>();
              e.getValue().forEach(v -> values.add(v.asText()));
              extra.put(e.getKey(), values);
            });
    return new User(Json.text(spec, "user"), Json.text(spec, "uid"), groups, extra, "");
  }

  /** A cluster-wide {@code SubjectAccessReview} from inside the control plane. */
  ObjectNode review(ObjectNode review) {
    return accessReview(reviewed(review), review);
  }

  private ObjectNode accessReview(User user, ObjectNode review) {
    JsonNode resource = review.path("spec").path("resourceAttributes");
    JsonNode path = review.path("spec").path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw new RefusedException(
          Refusal.badRequest(
              "exactly one of spec.resourceAttributes and spec.nonResourceAttributes must be specified"));
    }
    Attributes attributes =
        new Attributes(
            user,
            Json.text(resource.isObject() ? resource : path, "verb"),
            Json.text(resource, "group"),
            Json.text(resource, "version"),
            Json.text(resource, "resource"),
            Json.text(resource, "subresource"),
            Json.text(resource, "namespace"),
            Json.text(resource, "name"),
            Json.text(path, "path"));
    review.putObject("status").put("allowed", authorizer.allows(attributes));
    return review.has("metadata")
        ? review
        : named(review, Json.text(review, "apiVersion"), Json.text(review, "kind"));
  }

  private ObjectNode rulesReview(Exchange exchange, ObjectNode review) {
    String namespace = Json.text(review, "spec", "namespace");
    if (namespace.isEmpty()) {
      throw new RefusedException(Refusal.badRequest("no namespace on request"));
    }
    ObjectNode status = review.putObject("status");
    ArrayNode resourceRules = status.putArray("resourceRules");
    ArrayNode pathRules = status.putArray("nonResourceRules");
    List<Rule> rules = new ArrayList<>(authorizer.rbac().rules(exchange.user(), namespace));
    if (exchange.user().groups().contains("system:masters")) {
      rules.add(new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of("*")));
    }
    for (Rule rule : rules) {
      if (!rule.resources().isEmpty()) {
        ObjectNode node = resourceRules.addObject();
        fill(node, "verbs", rule.verbs());
        fill(node, "apiGroups", rule.groups());
        fill(node, "resources", rule.resources());
        if (!rule.names().isEmpty()) {
          fill(node, "resourceNames", rule.names());
        }
      }
      if (!rule.paths().isEmpty()) {
        ObjectNode node = pathRules.addObject();
        fill(node, "verbs", rule.verbs());
        fill(node, "nonResourceURLs", rule.paths());
      }
    }
    status.put("incomplete", false);
    return named(review, "authorization.k8s.io/v1", "SelfSubjectRulesReview");
  }

  private static void fill(ObjectNode node, String field, List<String> values) {
    values.forEach(node.putArray(field)::add);
  }
}
