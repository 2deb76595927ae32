package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.control.apiserver.rest.Freshness.Wanted;
import io.troupe.control.apiserver.rest.Rendering.Form;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.WatchCache.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** LIST: a snapshot at one revision, whole or in pages. */
final class ListVerb {
  private final ObjectStore store;
  private final Freshness freshness;
  private final Rendering rendering;
  private final FieldSelectors fields;

  ListVerb(
      ObjectStore store, Freshness freshness, Rendering rendering, FieldSelectors fields) {
    this.store = store;
    this.freshness = freshness;
    this.rendering = rendering;
    this.fields = fields;
  }

  /** A page: the objects that are shown, and what follows. */
  record Page(List<CachedObject> items, long revision, String token, long remaining) {}

  void handle(Exchange exchange, Target target) {
    Query query = exchange.query();
    Selection selection = Selection.of(target.kind(), query, fields);
    int limit = limit(query);
    String token = query.first("continue");
    if (!exchange.moment().isEmpty()) {
      exchange.when(
          freshness
              .past(exchange)
              .thenCompose(
                  at ->
                      store.cache().snapshotAt(target.kind().stored(), target.namespace(), at)),
          snapshot -> answer(exchange, target, page(snapshot, selection, limit, token)));
    } else if (!token.isEmpty()) {
      next(exchange, target, selection, limit, token);
    } else {
      first(exchange, target, selection, limit);
    }
  }

  private void first(Exchange exchange, Target target, Selection selection, int limit) {
    Wanted wanted = Freshness.ofList(exchange.query(), limit);
    if (wanted instanceof Wanted.Exactly exactly) {
      exchange.when(
          freshness
              .reached(exactly)
              .thenCompose(
                  at ->
                      store.cache().snapshotAt(target.kind().stored(), target.namespace(), at)),
          snapshot -> answer(exchange, target, page(snapshot, selection, limit, "")));
      return;
    }
    exchange.when(
        freshness.reached(wanted),
        revision -> answer(exchange, target, now(target, selection, limit)));
  }

  private Page now(Target target, Selection selection, int limit) {
    if (selection.name().isPresent()
        && (!target.namespace().isEmpty() || !target.kind().resource().namespaced())) {
      long revision = store.cache().revision();
      CachedObject found = store.cache().find(target.key(selection.name().get()));
      List<CachedObject> items = found == null ? List.of() : selection.of(List.of(found));
      return new Page(items, revision, "", 0);
    }
    Snapshot snapshot = store.cache().snapshot(target.kind().stored(), target.namespace());
    return page(snapshot, selection, limit, "");
  }

  private void next(
      Exchange exchange, Target target, Selection selection, int limit, String token) {
    Query query = exchange.query();
    if (!query.first("resourceVersionMatch").isEmpty()) {
      throw new RefusedException(
          Refusal.invalid(
              "meta.k8s.io",
              "ListOptions",
              "",
              List.of(
                  new Refusal.Cause(
                      "FieldValueForbidden",
                      "Forbidden: resourceVersionMatch is forbidden when continue is provided",
                      "resourceVersionMatch"))));
    }
    String version = query.first("resourceVersion");
    if (!version.isEmpty() && !version.equals("0")) {
      throw new RefusedException(
          Refusal.badRequest(
              "specifying resource version is not allowed when using continue"));
    }
    long revision = ContinueToken.parse(token).revision();
    exchange.when(
        store.cache().snapshotAt(target.kind().stored(), target.namespace(), revision),
        snapshot -> answer(exchange, target, page(snapshot, selection, limit, token)));
  }

  private static int limit(Query query) {
    String text = query.first("limit");
    try {
      return text.isEmpty()
          ? 0
          : (int) Math.min(Integer.MAX_VALUE, Math.max(0, Long.parseLong(text)));
    } catch (NumberFormatException e) {
      throw new RefusedException(
          Refusal.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax"));
    }
  }

  static Page page(Snapshot snapshot, Selection selection, int limit, String token) {
    List<CachedObject> all = snapshot.objects();
    int from = token.isEmpty() ? 0 : after(all, ContinueToken.parse(token));
    List<CachedObject> rest = from == 0 ? all : all.subList(from, all.size());
    if (limit == 0 || limit >= rest.size()) {
      return new Page(selection.of(rest), snapshot.revision(), "", 0);
    }
    List<CachedObject> items = new ArrayList<>(limit);
    int at = 0;
    while (at < rest.size() && items.size() < limit) {
      CachedObject object = rest.get(at++);
      if (selection.matches(object)) {
        items.add(object);
      }
    }
    boolean more = selection.isEverything() ? at < rest.size() : anyFrom(rest, at, selection);
    if (!more) {
      return new Page(items, snapshot.revision(), "", 0);
    }
    ObjectKey last = items.getLast().key();
    String next = new ContinueToken(snapshot.revision(), last.namespace(), last.name()).toString();
    long remaining = selection.isEverything() ? rest.size() - at : 0;
    return new Page(items, snapshot.revision(), next, remaining);
  }

  private static boolean anyFrom(List<CachedObject> list, int from, Selection selection) {
    for (int i = from; i < list.size(); i++) {
      if (selection.matches(list.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** The index of the first object after the token's. */
  private static int after(List<CachedObject> objects, ContinueToken token) {
    int low = 0;
    int high = objects.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      ObjectKey key = objects.get(middle).key();
      int order = key.namespace().compareTo(token.namespace());
      if (order == 0) {
        order = key.name().compareTo(token.name());
      }
      if (order <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void answer(Exchange exchange, Target target, Page page) {
    Form form = rendering.form(exchange, target.kind());
    ObjectNode metadata = metadata(page);
    if (Rendering.isVerbatim(target.kind(), form)) {
      ListWriter.write(exchange, target.kind(), metadata, page.items());
    } else {
      byte[] body =
          rendering.encode(rendering.list(target.kind(), page.items(), metadata, form), form);
      exchange.send(200, form.contentType(), body);
    }
  }

  private static ObjectNode metadata(Page page) {
    ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(page.revision()));
    if (!page.token().isEmpty()) {
      metadata.put("continue", page.token());
    }
    if (page.remaining() > 0) {
      metadata.put("remainingItemCount", page.remaining());
    }
    return metadata;
  }
}
