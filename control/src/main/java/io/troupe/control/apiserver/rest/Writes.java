package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** CREATE, UPDATE, PATCH, DELETE and DELETECOLLECTION as commands to object actors. */
final class Writes {
  private static final int NAME_TRIES = 8;

  /** Kinds whose deletion answers with the object itself. */
  private static final Set<String> SHOW_DELETED =
      Set.of(
          "pods",
          "services",
          "namespaces",
          "persistentvolumes",
          "persistentvolumeclaims",
          "podtemplates",
          "resourcequotas",
          "serviceaccounts",
          "csidrivers",
          "csinodes",
          "storageclasses",
          "volumeattachments",
          "volumeattributesclasses",
          "resourceclaims",
          "resourceclaimtemplates",
          "resourceslices",
          "deviceclasses");

  private final GuardedWrites writes;
  private final ObjectStore store;
  private final KindRules rules;
  private final Encoder encoder;
  private final Bodies bodies;

  Writes(GuardedWrites writes, ObjectStore store, KindRules rules, Encoder encoder, Bodies bodies) {
    this.writes = writes;
    this.store = store;
    this.rules = rules;
    this.encoder = encoder;
    this.bodies = bodies;
  }

  void create(Exchange exchange, Kind kind, byte[] bytes) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    byte[] json = json(exchange, bytes);
    Request request = Requests.of(exchange, kind);
    BodyScan scan = BodyScan.of(json);
    if (scan.isUnnamed()) {
      createGenerated(exchange, kind, form, request, json, NAME_TRIES);
    } else {
      // A body without any name is refused where it is decoded, with whatever else is wrong.
      submit(exchange, kind, form, new Command.CreateObject(request, json), scan.name());
    }
  }

  /** The body as JSON; JSON itself is not looked at, since the object's actor decodes it. */
  private byte[] json(Exchange exchange, byte[] bytes) {
    return isJson(exchange)
        ? bytes
        : Json.bytes(bodies.object(exchange.header("Content-Type"), bytes));
  }

  private static boolean isJson(Exchange exchange) {
    String type = Bodies.mediaType(exchange.header("Content-Type"));
    return type.isEmpty() || type.equals("application/json");
  }

  private void createGenerated(
      Exchange exchange, Kind kind, Form form, Request request, byte[] json, int triesLeft) {
    BodyScan scan = BodyScan.of(json);
    String name = scan.newName();
    Command command = new Command.CreateObject(request, scan.named(json, name));
    ObjectKey key = Reads.key(kind, exchange.info().namespace(), name);
    writes
        .submit(key, command)
        .whenComplete(
            (outcome, failure) -> {
              boolean taken =
                  outcome instanceof Outcome.Refused(Refusal refusal)
                      && refusal.reason().equals("AlreadyExists");
              if (taken && triesLeft > 1) {
                createGenerated(exchange, kind, form, request, json, triesLeft - 1);
              } else {
                answer(exchange, kind, form, command, outcome, failure);
              }
            });
  }

  void update(Exchange exchange, Kind kind, byte[] bytes) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    Command command = new Command.ReplaceObject(Requests.of(exchange, kind), json(exchange, bytes));
    submit(exchange, kind, form, command, exchange.info().name());
  }

  void patch(Exchange exchange, Kind kind, byte[] bytes) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    PatchType type = Bodies.patchType(exchange.header("Content-Type"));
    JsonNode patch = type == PatchType.APPLY ? Bodies.yaml(bytes) : Bodies.json(bytes);
    byte[] json = type == PatchType.APPLY ? Json.bytes(patch) : bytes;
    boolean force = exchange.query().flag("force");
    if (type == PatchType.APPLY && exchange.query().text("fieldManager").isEmpty()) {
      throw new RefusedException(
          Refusal.invalid(
              "meta.k8s.io",
              "PatchOptions",
              "",
              List.of(
                  new Refusal.Cause(
                      "FieldValueRequired",
                      "Required value: is required for apply patch",
                      "fieldManager"))));
    }
    if (type != PatchType.APPLY && force) {
      throw new RefusedException(
          Refusal.invalid(
              "meta.k8s.io",
              "PatchOptions",
              "",
              List.of(
                  new Refusal.Cause(
                      "FieldValueForbidden",
                      "Forbidden: may not be specified for non-apply patch",
                      "force"))));
    }
    Command command = new Command.PatchObject(Requests.of(exchange, kind), type, json, force);
    submit(exchange, kind, form, command, exchange.info().name());
  }

  void delete(Exchange exchange, Kind kind, byte[] bytes) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    DeleteOptions options = deleteOptions(exchange, bytes);
    Command command = new Command.DeleteObject(withDryRunOf(exchange, kind, bytes), options);
    submit(exchange, kind, form, command, exchange.info().name());
  }

  void post(Exchange exchange, Kind kind, byte[] bytes) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    ObjectNode body = bodies.object(exchange.header("Content-Type"), bytes);
    Command command = new Command.PostSubresource(Requests.of(exchange, kind), Json.bytes(body));
    submit(exchange, kind, form, command, exchange.info().name());
  }

  /** Options stand in the body or in the query; the body wins. */
  private DeleteOptions deleteOptions(Exchange exchange, byte[] bytes) {
    ObjectNode body =
        bytes.length == 0 ? Json.object() : bodies.object(exchange.header("Content-Type"), bytes);
    long grace =
        Json.number(body, exchange.query().number("gracePeriodSeconds", -1), "gracePeriodSeconds");
    String propagation = Json.text(body, "propagationPolicy");
    if (propagation.isEmpty()) {
      propagation = exchange.query().text("propagationPolicy");
    }
    JsonNode orphan = body.path("orphanDependents");
    boolean orphans =
        orphan.isBoolean() ? orphan.booleanValue() : exchange.query().flag("orphanDependents");
    if (propagation.isEmpty() && (orphan.isBoolean() || exchange.query().has("orphanDependents"))) {
      propagation = orphans ? "Orphan" : "Background";
    }
    if (!propagation.isEmpty()
        && !Set.of("Background", "Foreground", "Orphan").contains(propagation)) {
      throw new RefusedException(
          Refusal.invalid(
              "meta.k8s.io",
              "DeleteOptions",
              "",
              List.of(
                  new Refusal.Cause(
                      "FieldValueNotSupported",
                      "Unsupported value: \"%s\": supported values: \"Background\", \"Foreground\", \"Orphan\""
                          .formatted(propagation),
                      "propagationPolicy"))));
    }
    return new DeleteOptions(
        grace,
        propagation,
        Json.text(body, "preconditions", "uid"),
        Json.text(body, "preconditions", "resourceVersion"));
  }

  private Request withDryRunOf(Exchange exchange, Kind kind, byte[] bytes) {
    Request request = Requests.of(exchange, kind);
    boolean inBody =
        bytes.length > 0
            && !Json.items(bodies.object(exchange.header("Content-Type"), bytes), "dryRun")
                .isEmpty();
    return inBody ? Requests.dryRun(request) : request;
  }

  void deleteCollection(Exchange exchange, Kind kind, byte[] bytes) {
    Selection selection = Selection.of(kind, rules, exchange.query());
    DeleteOptions options = deleteOptions(exchange, bytes);
    Request request = withDryRunOf(exchange, kind, bytes);
    List<CachedObject> objects =
        selection.apply(store.cache().snapshot(kind.stored(), exchange.info().namespace()));
    List<CompletableFuture<Outcome>> deletions = new ArrayList<>();
    for (CachedObject object : objects) {
      deletions.add(
          store
              .submit(object.key(), new Command.DeleteObject(request, options))
              .toCompletableFuture());
    }
    CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new))
        .whenComplete(
            (v, failure) -> {
              if (failure != null) {
                exchange.fail(failure);
                return;
              }
              Refusal refused =
                  deletions.stream()
                      .map(CompletableFuture::join)
                      .map(Writes::refusal)
                      .filter(r -> r != null && r.code() != 404)
                      .findFirst()
                      .orElse(null);
              if (refused != null) {
                exchange.refuse(refused);
              } else {
                Encoder.ListMeta meta = new Encoder.ListMeta(store.cache().revision(), "", 0);
                exchange.answer(
                    200,
                    "application/json",
                    encoder.list(kind, objects, meta, Form.PLAIN, exchange.startMillis(), ""));
              }
            });
  }

  private static Refusal refusal(Outcome outcome) {
    return outcome instanceof Outcome.Refused(Refusal refusal) ? refusal : null;
  }

  private void submit(Exchange exchange, Kind kind, Form form, Command command, String name) {
    ObjectKey key = Reads.key(kind, exchange.info().namespace(), name);
    CompletionStage<Outcome> submitted = writes.submit(key, command);
    submitted.whenComplete(
        (outcome, failure) -> answer(exchange, kind, form, command, outcome, failure));
  }

  private void answer(
      Exchange exchange,
      Kind kind,
      Form form,
      Command command,
      Outcome outcome,
      Throwable failure) {
    if (failure != null) {
      exchange.fail(failure);
      return;
    }
    switch (outcome) {
      case Outcome.Refused(Refusal refusal) -> exchange.refuse(refusal);
      case Outcome.Done done ->
          exchange.guard(() -> answerDone(exchange, kind, form, command, done));
    }
  }

  private void answerDone(
      Exchange exchange, Kind kind, Form form, Command command, Outcome.Done done) {
    Resource resource = kind.resource();
    if (done.isGone()
        && command instanceof Command.DeleteObject
        && !SHOW_DELETED.contains(resource.plural())) {
      ObjectNode status = deleted(resource, done.object());
      exchange.answer(
          200, form.media().type(), done.warnings(), encoder.bytes(status, statusForm(form)));
      return;
    }
    int code =
        done.effect() == Outcome.Effect.CREATED || command instanceof Command.PostSubresource
            ? 201
            : 200;
    byte[] body;
    if (command.request().subresource().isEmpty()
        || command.request().subresource().equals("status")) {
      body =
          encoder.object(
              kind,
              done.object(),
              form,
              exchange.startMillis(),
              exchange.query().text("includeObject"));
    } else if (command.request().subresource().equals("binding")
        || command.request().subresource().equals("eviction")) {
      body = encoder.bytes(success(), statusForm(form));
    } else {
      ObjectNode shown =
          rules
              .view(done.object().key(), done.object().tree(), command.request())
              .orElse(done.object().tree());
      body = encoder.bytes(shown, statusForm(form));
    }
    exchange.answer(code, form.media().type(), done.warnings(), body);
  }

  private static Form statusForm(Form form) {
    return new Form(form.media(), Form.Shape.OBJECT, form.pretty());
  }

  private static ObjectNode success() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success").put("code", 201);
  }

  private static ObjectNode deleted(Resource resource, CachedObject object) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details").put("name", object.key().name());
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    details.put("kind", resource.plural()).put("uid", Meta.uid(object.tree()));
    return status;
  }
}
