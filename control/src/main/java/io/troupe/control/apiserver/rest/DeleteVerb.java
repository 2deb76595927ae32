package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.BodyReader;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.control.apiserver.rest.Freshness.Wanted;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command.DeleteObject;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome.Done;
import io.troupe.persistence.store.Request;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** DELETE of one object or of a selection. */
final class DeleteVerb {
  private final ObjectStore store;
  private final Freshness freshness;
  private final Rendering rendering;
  private final FieldSelectors fields;
  private final Encodings encodings;
  private final Written written;
  private final EdgeAdmission admission;

  DeleteVerb(
      ObjectStore store,
      Rendering rendering,
      FieldSelectors fields,
      Encodings encodings,
      Written written,
      EdgeAdmission admission) {
    this.store = store;
    this.freshness = new Freshness(store);
    this.rendering = rendering;
    this.fields = fields;
    this.encodings = encodings;
    this.written = written;
    this.admission = admission;
  }

  /** What the body or the query says. */
  private record Options(DeleteOptions options, boolean dryRun) {}

  void one(Exchange exchange, Target target) {
    BodyReader.read(
        exchange,
        body -> {
          Options options = options(exchange, body);
          admission.delete(exchange.user(), target);
          written.submit(
              exchange,
              target,
              new DeleteObject(request(exchange, target, "delete", options), options.options()),
              done -> written.answerDeleted(exchange, target, done));
        });
  }

  void collection(Exchange exchange, Target target) {
    Selection selection = Selection.of(target.kind(), exchange.query(), fields);
    BodyReader.read(
        exchange,
        body -> {
          Options options = options(exchange, body);
          exchange.when(
              freshness
                  .reached(new Wanted.Newest())
                  .thenCompose(
                      revision -> deleteAll(exchange, target, selected(target, selection), options)),
              deleted -> answer(exchange, target, deleted));
        });
  }

  private List<CachedObject> selected(Target target, Selection selection) {
    return selection.of(
        store.cache().snapshot(target.kind().stored(), target.namespace()).objects());
  }

  private CompletionStage<List<CachedObject>> deleteAll(
      Exchange exchange, Target target, List<CachedObject> objects, Options options) {
    Request request = request(exchange, target, "deletecollection", options);
    List<CompletableFuture<CachedObject>> all = new ArrayList<>();
    for (CachedObject object : objects) {
      Target one =
          new Target(target.kind(), object.key().namespace(), object.key().name(), "");
      admission.delete(exchange.user(), one);
      all.add(
          Written.done(store.submit(object.key(), new DeleteObject(request, options.options())))
              .handle((done, failure) -> gone(object, done, failure))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(v -> all.stream().map(CompletableFuture::join).toList());
  }

  /** Something that has gone meanwhile is as good as deleted. */
  private static CachedObject gone(CachedObject before, Done done, Throwable failure) {
    if (failure == null) {
      return done.object();
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException refused && refused.isNotFound()) {
      return before;
    }
    throw new CompletionException(cause);
  }

  private void answer(Exchange exchange, Target target, List<CachedObject> deleted) {
    ObjectNode metadata =
        Json.object().put("resourceVersion", Long.toString(store.cache().revision()));
    Rendering.Form form = rendering.form(exchange, target.kind());
    exchange.send(
        200,
        form.contentType(),
        rendering.encode(rendering.list(target.kind(), deleted, metadata, form), form));
  }

  private static Request request(
      Exchange exchange, Target target, String verb, Options options) {
    Request request = Requests.of(exchange, target, verb);
    return request.dryRun() || !options.dryRun()
        ? request
        : new Request(
            request.verb(),
            request.apiVersion(),
            request.kind(),
            request.subresource(),
            request.user(),
            request.userAgent(),
            request.requestId(),
            request.fieldManager(),
            request.fieldValidation(),
            true,
            request.timeMillis(),
            request.newUid());
  }

  private Options options(Exchange exchange, byte[] body) {
    if (body.length == 0) {
      return fromQuery(exchange.query());
    }
    byte[] json =
        encodings.json(body, exchange.header("content-type"), "v1", "DeleteOptions");
    try {
      return fromBody(Json.parse(json));
    } catch (UncheckedIOException | ClassCastException e) {
      throw new RefusedException(
          Refusal.badRequest("the body is no DeleteOptions: " + e.getMessage()));
    }
  }

  private static Options fromBody(ObjectNode body) {
    List<String> dryRun = new ArrayList<>();
    if (body.get("dryRun") instanceof ArrayNode list) {
      list.forEach(value -> dryRun.add(value.asText()));
    }
    return new Options(
        new DeleteOptions(
            Json.number(body, -1, "gracePeriodSeconds"),
            propagation(
                Json.text(body, "propagationPolicy"), Json.at(body, "orphanDependents").asText("")),
            Json.text(body, "preconditions", "uid"),
            Json.text(body, "preconditions", "resourceVersion")),
        Requests.dryRun(dryRun, "DeleteOptions"));
  }

  private static Options fromQuery(Query query) {
    String grace = query.first("gracePeriodSeconds");
    try {
      return new Options(
          new DeleteOptions(
              grace.isEmpty() ? -1 : Long.parseLong(grace),
              propagation(query.first("propagationPolicy"), query.first("orphanDependents")),
              "",
              ""),
          Requests.dryRun(query.all("dryRun"), "DeleteOptions"));
    } catch (NumberFormatException e) {
      throw new RefusedException(
          Refusal.badRequest("strconv.ParseInt: parsing \"" + grace + "\": invalid syntax"));
    }
  }

  private static String propagation(String policy, String orphan) {
    if (!policy.isEmpty() || orphan.isEmpty()) {
      return policy;
    }
    return orphan.equals("true") ? "Orphan" : "Background";
  }
}
