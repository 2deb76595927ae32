package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Outcome.Done;
import io.troupe.persistence.store.Outcome.Effect;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends commands and answers with what became of them. */
public final class Written {
  private static final Logger LOG = LoggerFactory.getLogger(Written.class);

  /** Kinds whose deletion answers with the object (upstream's {@code ReturnDeletedObject}). */
  private static final Set<String> SHOWN_WHEN_GONE =
      Set.of(
          "pods",
          "services",
          "serviceaccounts",
          "resourcequotas",
          "persistentvolumes",
          "persistentvolumeclaims",
          "podtemplates",
          "namespaces",
          "csidrivers.storage.k8s.io",
          "csinodes.storage.k8s.io",
          "storageclasses.storage.k8s.io",
          "volumeattachments.storage.k8s.io",
          "volumeattributesclasses.storage.k8s.io",
          "deviceclasses.resource.k8s.io",
          "resourceclaims.resource.k8s.io",
          "resourceclaimtemplates.resource.k8s.io",
          "resourceslices.resource.k8s.io");

  private final ObjectStore store;
  private final Rendering rendering;
  private final KubernetesDecider decider;

  public Written(ObjectStore store, Rendering rendering, KubernetesDecider decider) {
    this.store = store;
    this.rendering = rendering;
    this.decider = decider;
  }

  /** Sends the command; the rest gets what was done, a refusal is answered here. */
  void submit(Exchange exchange, Target target, Command command, Consumer<Done> rest) {
    exchange.when(
        done(store.submit(target.key(), command)),
        done -> {
          exchange.warn(done.warnings());
          rest.accept(done);
        });
  }

  /** The outcome, or a refusal as an exception; an unknown outcome is never success. */
  public static CompletionStage<Done> done(CompletionStage<Outcome> outcome) {
    return outcome.handle(
        (ended, failure) -> {
          if (failure != null) {
            throw unknown(failure);
          }
          return switch (ended) {
            case Done done -> done;
            case Outcome.Refused refused -> throw new RefusedException(refused.refusal());
          };
        });
  }

  private static RefusedException unknown(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RefusedException refused) {
      return refused;
    }
    if (cause instanceof TimeoutException) {
      return new RefusedException(
          Refusal.timeout("the outcome of the request is not known: " + cause.getMessage()));
    }
    LOG.warn("the outcome of a write is not known", cause);
    return new RefusedException(
        Refusal.internal("the outcome of the request is not known: " + cause.getMessage()));
  }

  /** Answers a create, update or patch with the object, or with the subresource's view of it. */
  void answer(Exchange exchange, Target target, String verb, Done done) {
    int code = done.effect() == Effect.CREATED ? 201 : 200;
    String subresource = target.subresource();
    if (subresource.isEmpty() || subresource.equals("status")) {
      rendering.answer(exchange, code, target.kind(), done.object());
      return;
    }
    ObjectNode view =
        decider
            .view(target.key(), done.object().tree(), Requests.of(exchange, target, verb))
            .orElseGet(() -> done.object().tree());
    rendering.answerPlain(exchange, code, view);
  }

  /** Answers a delete: the object while it still is, or a Status. */
  void answerDeleted(Exchange exchange, Target target, Done done) {
    CachedObject object = done.object();
    if (done.effect() != Effect.REMOVED
        || SHOWN_WHEN_GONE.contains(target.kind().stored().toString())) {
      rendering.answer(exchange, 200, target.kind(), object);
    } else {
      rendering.answerPlain(exchange, 200, success(target, Meta.uid(object.tree())));
    }
  }

  static ObjectNode success(Target target, String uid) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details").put("name", target.name());
    if (!target.type().group().isEmpty()) {
      details.put("group", target.type().group());
    }
    details.put("kind", target.type().resource());
    if (!uid.isEmpty()) {
      details.put("uid", uid);
    }
    return status;
  }
}
