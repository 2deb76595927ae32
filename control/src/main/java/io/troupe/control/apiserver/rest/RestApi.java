package io.troupe.control.apiserver.rest;

import io.troupe.api.kinds.Kind;
import io.troupe.api.kinds.Kinds;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.authorization.Escalation;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.RequestInfo;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Hands a resource request to its verb. Bodies arrive whole. */
public final class RestApi {
  private final Kinds kinds;
  private final ObjectStore store;
  private final KindRules rules;
  private final Encoder encoder;
  private final Reads reads;
  private final Writes writes;
  private final Watches watches;

  /** Protobuf may be null: then it is neither offered nor read. */
  public RestApi(
      Vertx vertx,
      ObjectStore store,
      Kinds kinds,
      KindRules rules,
      Protobuf protobuf,
      Escalation escalation) {
    this.kinds = kinds;
    this.store = store;
    this.rules = rules;
    this.encoder = new Encoder(rules, protobuf);
    this.reads = new Reads(store, rules, encoder);
    this.writes =
        new Writes(
            new GuardedWrites(store, escalation), store, rules, encoder, new Bodies(protobuf));
    this.watches = new Watches(vertx, store, reads, rules, encoder);
  }

  /** Whether the request carries a body that must be read first. */
  public static boolean hasBody(RequestInfo info) {
    return switch (info.verb()) {
      case "create", "update", "patch", "delete", "deletecollection" -> true;
      default -> false;
    };
  }

  /** The kind that the request's path names; a 404 as for any unknown path when there is none. */
  public Kind kind(RequestInfo info) {
    return kinds
        .byPath(info.group(), info.version(), info.resource())
        .filter(
            k ->
                k.resource().namespaced()
                    || info.namespace().isEmpty()
                    || info.resource().equals("namespaces"))
        .orElseThrow(() -> new RefusedException(pathNotFound()));
  }

  public static Refusal pathNotFound() {
    return new Refusal(
        404,
        "NotFound",
        "the server could not find the requested resource",
        "",
        "",
        "",
        java.util.List.of(),
        0);
  }

  /** A read in the present or, when a revision is given, in the past; writes refuse the past. */
  public void handle(Exchange exchange, byte[] body, Optional<Long> at) {
    RequestInfo info = exchange.info();
    Kind kind = kind(info);
    if (kind.resource().namespaced() && info.namespace().isEmpty() && !allowsClusterWide(info)) {
      throw new RefusedException(pathNotFound());
    }
    if (!info.subresource().isEmpty()) {
      subresource(exchange, kind, body, at);
      return;
    }
    checkVerb(kind, info);
    if (at.isPresent()) {
      past(exchange, kind, at.get());
      return;
    }
    switch (info.verb()) {
      case "get" -> reads.get(exchange, kind);
      case "list" -> reads.list(exchange, kind);
      case "watch" -> watches.watch(exchange, kind);
      case "create" -> writes.create(exchange, kind, body);
      case "update" -> writes.update(exchange, kind, body);
      case "patch" -> writes.patch(exchange, kind, body);
      case "delete" -> writes.delete(exchange, kind, body);
      case "deletecollection" -> writes.deleteCollection(exchange, kind, body);
      default ->
          throw new RefusedException(Refusal.methodNotAllowed(kind.resource().type(), info.verb()));
    }
  }

  private static boolean allowsClusterWide(RequestInfo info) {
    return info.name().isEmpty() || info.verb().equals("list") || info.verb().equals("watch");
  }

  private static void checkVerb(Kind kind, RequestInfo info) {
    boolean onItem = info.verb().equals("create") && !info.name().isEmpty();
    boolean onCollection =
        info.name().isEmpty() && (info.verb().equals("update") || info.verb().equals("patch"));
    if (onItem || onCollection || !kind.verbs().contains(info.verb())) {
      throw new RefusedException(
          new Refusal(
              405,
              "MethodNotAllowed",
              "the server does not allow this method on the requested resource",
              "",
              "",
              "",
              java.util.List.of(),
              0));
    }
  }

  private void past(Exchange exchange, Kind kind, long revision) {
    switch (exchange.info().verb()) {
      case "get" -> reads.getAt(exchange, kind, revision);
      case "list" -> reads.listAt(exchange, kind, revision);
      default ->
          throw new RefusedException(
              Refusal.badRequest("the past can be read only with get and list"));
    }
  }

  private void subresource(Exchange exchange, Kind kind, byte[] body, Optional<Long> at) {
    RequestInfo info = exchange.info();
    if (!kind.has(info.subresource()) && !info.subresource().equals("finalize")) {
      throw new RefusedException(pathNotFound());
    }
    switch (info.verb()) {
      case "get" -> view(exchange, kind, at);
      case "update" -> writes.update(exchange, kind, body);
      case "patch" -> writes.patch(exchange, kind, body);
      case "create" -> writes.post(exchange, kind, body);
      default ->
          throw new RefusedException(Refusal.methodNotAllowed(kind.resource().type(), info.verb()));
    }
  }

  private void view(Exchange exchange, Kind kind, Optional<Long> at) {
    if (exchange.info().subresource().equals("status")) {
      if (at.isPresent()) {
        reads.getAt(exchange, kind, at.get());
      } else {
        reads.get(exchange, kind);
      }
      return;
    }
    Form form = Form.of(exchange, encoder.hasProtobuf());
    ObjectKey key = Reads.key(kind, exchange.info().namespace(), exchange.info().name());
    reads.fresh(
        exchange,
        () -> {
          CachedObject object = Reads.found(kind, key, store.cache().find(key));
          var shown = rules.view(key, object.tree(), Requests.of(exchange, kind));
          exchange.answer(
              200,
              form.media().type(),
              encoder.bytes(shown.orElseThrow(() -> new RefusedException(pathNotFound())), form));
        });
  }

  /**
   * Answers with an object that is not stored, such as a review, in the form that the client wants.
   */
  public void answerVirtual(
      Exchange exchange, int code, com.fasterxml.jackson.databind.node.ObjectNode object) {
    Form form = Form.whole(exchange, encoder.hasProtobuf());
    exchange.answer(code, form.media().type(), encoder.bytes(object, form));
  }

  /** A request body as an object, whatever its media type. */
  public com.fasterxml.jackson.databind.node.ObjectNode read(
      Exchange exchange, byte[] body, Protobuf protobuf) {
    return body.length == 0
        ? Json.object()
        : new Bodies(protobuf).object(exchange.header("Content-Type"), body);
  }
}
