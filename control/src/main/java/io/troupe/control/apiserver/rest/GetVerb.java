package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.rest.Freshness.Wanted;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;

/** GET of one object or a subresource that is a view of it. */
final class GetVerb {
  private final ObjectStore store;
  private final Freshness freshness;
  private final Rendering rendering;
  private final KubernetesDecider decider;

  GetVerb(
      ObjectStore store, Freshness freshness, Rendering rendering, KubernetesDecider decider) {
    this.store = store;
    this.freshness = freshness;
    this.rendering = rendering;
    this.decider = decider;
  }

  void handle(Exchange exchange, Target target) {
    if (!exchange.moment().isEmpty()) {
      exchange.when(
          freshness
              .past(exchange)
              .thenCompose(revision -> store.history().objectAt(target.key(), revision)),
          found -> answer(exchange, target, found.orElse(null)));
      return;
    }
    String version = exchange.query().first("resourceVersion");
    Wanted wanted =
        version.isEmpty()
            ? new Wanted.Newest()
            : version.equals("0")
                ? new Wanted.Any()
                : new Wanted.AtLeast(Freshness.revision(version));
    exchange.when(
        freshness.reached(wanted),
        revision -> answer(exchange, target, store.cache().find(target.key())));
  }

  private void answer(Exchange exchange, Target target, CachedObject found) {
    if (found == null) {
      exchange.refuse(Refusal.notFound(target.type(), target.name()));
    } else if (target.subresource().isEmpty() || target.subresource().equals("status")) {
      rendering.answer(exchange, 200, target.kind(), found);
    } else {
      view(exchange, target, found);
    }
  }

  private void view(Exchange exchange, Target target, CachedObject found) {
    ObjectNode view =
        decider
            .view(target.key(), found.tree(), Requests.of(exchange, target, "get"))
            .orElse(null);
    if (view == null) {
      exchange.refuse(
          Refusal.notSupported(
              "reading " + target.kind().resource().plural() + "/" + target.subresource()));
    } else {
      rendering.answerPlain(exchange, 200, view);
    }
  }
}
