package io.troupe.control.apiserver.rest;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.BodyReader;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.Command.CreateObject;
import io.troupe.persistence.store.Command.PostSubresource;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** POST: a new object, or a subresource that changes one. */
final class CreateVerb {
  /** Upstream tries so often to find a free generated name. */
  private static final int GENERATED_TRIES_MAX = 8;

  private final ObjectStore store;
  private final Encodings encodings;
  private final Written written;
  private final EdgeAdmission admission;

  CreateVerb(
      ObjectStore store, Encodings encodings, Written written, EdgeAdmission admission) {
    this.store = store;
    this.encodings = encodings;
    this.written = written;
    this.admission = admission;
  }

  void handle(Exchange exchange, Target target) {
    BodyReader.read(exchange, body -> create(exchange, target, body));
  }

  private void create(Exchange exchange, Target target, byte[] body) {
    byte[] json = encodings.json(body, exchange.header("content-type"), target.kind());
    BodyScan scan = BodyScan.of(json);
    checkNamespace(target, scan);
    Request request = Requests.of(exchange, target, "create");
    Target named =
        new Target(
            target.kind(), target.namespace(), scan.isGenerated() ? "" : scan.name(), "");
    CompletionStage<byte[]> admitted =
        admission.create(exchange.user(), named, json, request.dryRun());
    exchange.when(
        admitted.thenCompose(
            bytes -> scan.isGenerated()
                ? generated(target, request, BodyScan.of(bytes), bytes, 1)
                : store.submit(named.key(), new CreateObject(request, bytes))),
        outcome -> answer(exchange, target, outcome));
  }

  private void answer(Exchange exchange, Target target, Outcome outcome) {
    exchange.when(
        Written.done(CompletableFuture.completedFuture(outcome)),
        done -> {
          exchange.warn(done.warnings());
          written.answer(exchange, target, "create", done);
        });
  }

  private CompletionStage<Outcome> generated(
      Target target, Request request, BodyScan scan, byte[] json, int attempt) {
    String name = scan.newName();
    CreateObject command = new CreateObject(request, scan.named(json, name));
    return store
        .submit(target.key(name), command)
        .thenCompose(
            outcome ->
                isTaken(outcome) && attempt < GENERATED_TRIES_MAX
                    ? generated(target, request, scan, json, attempt + 1)
                    : CompletableFuture.completedFuture(outcome));
  }

  private static boolean isTaken(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        && refused.refusal().reason().equals("AlreadyExists");
  }

  private static void checkNamespace(Target target, BodyScan scan) {
    boolean differs =
        target.kind().resource().namespaced()
            && !scan.namespace().isEmpty()
            && !scan.namespace().equals(target.namespace());
    if (differs) {
      throw new RefusedException(
          Refusal.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request"));
    }
  }

  /** A posted subresource, for example a binding. */
  void subresource(Exchange exchange, Target target, String apiVersion, String kind) {
    BodyReader.read(
        exchange,
        body -> {
          byte[] json = encodings.json(body, exchange.header("content-type"), apiVersion, kind);
          Request request = Requests.of(exchange, target, "create");
          admission.change(exchange.user(), target, request, json);
          written.submit(
              exchange,
              target,
              new PostSubresource(request, json),
              done -> posted(exchange, target));
        });
  }

  private void posted(Exchange exchange, Target target) {
    var status = Written.success(target, "");
    status.remove("details");
    exchange.send(201, "application/json", io.troupe.api.object.Json.bytes(status.put("code", 201)));
  }
}
