package io.troupe.control.apiserver.rest;

import io.troupe.api.kinds.Kind;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.WatchCache;
import io.troupe.persistence.store.WatchCache.Snapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * GET and LIST. Without a resourceVersion a read is linearizable: it waits until the cache has
 * reached the journal's latest revision.
 */
final class Reads {
  private final ObjectStore store;
  private final WatchCache cache;
  private final KindRules rules;
  private final Encoder encoder;

  Reads(ObjectStore store, KindRules rules, Encoder encoder) {
    this.store = store;
    this.cache = store.cache();
    this.rules = rules;
    this.encoder = encoder;
  }

  static ObjectKey key(Kind kind, String namespace, String name) {
    return new ObjectKey(kind.stored(), kind.resource().namespaced() ? namespace : "", name);
  }

  /** Runs the step once the cache is as new as the query wants; at once when it already is. */
  void fresh(Exchange exchange, Runnable step) {
    String wanted = exchange.query().text("resourceVersion");
    if (wanted.equals("0")) {
      exchange.guard(step);
      return;
    }
    CompletionStage<Long> revision =
        wanted.isEmpty()
            ? store.latestRevision()
            : CompletableFuture.completedFuture(revision(wanted));
    CompletableFuture<Long> known = revision.toCompletableFuture();
    if (known.isDone() && !known.isCompletedExceptionally() && cache.revision() >= known.join()) {
      exchange.guard(step);
    } else {
      revision
          .thenCompose(cache::reached)
          .whenComplete(
              (r, failure) -> {
                if (failure == null) {
                  exchange.onLoop(() -> exchange.guard(step));
                } else {
                  exchange.fail(failure);
                }
              });
    }
  }

  static long revision(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new RefusedException(
          Refusal.badRequest(
              "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
                  .formatted(text, text)));
    }
  }

  void get(Exchange exchange, Kind kind) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    ObjectKey key = key(kind, exchange.info().namespace(), exchange.info().name());
    fresh(exchange, () -> answer(exchange, kind, found(kind, key, cache.find(key)), form));
  }

  static CachedObject found(Kind kind, ObjectKey key, CachedObject object) {
    if (object == null) {
      throw new RefusedException(Refusal.notFound(kind.resource().type(), key.name()));
    }
    return object;
  }

  private void answer(Exchange exchange, Kind kind, CachedObject object, Form form) {
    String include = exchange.query().text("includeObject");
    byte[] body = encoder.object(kind, object, form, exchange.startMillis(), include);
    exchange.answer(200, form.media().type(), body);
  }

  /** An object as it was at a past revision. */
  void getAt(Exchange exchange, Kind kind, long revision) {
    Form form = Form.of(exchange, encoder.hasProtobuf());
    ObjectKey key = key(kind, exchange.info().namespace(), exchange.info().name());
    whenDone(
        exchange,
        store.history().objectAt(key, revision),
        object -> answer(exchange, kind, found(kind, key, object.orElse(null)), form));
  }

  /** A list as it was at a past revision. */
  void listAt(Exchange exchange, Kind kind, long revision) {
    Selection selection = Selection.of(kind, rules, exchange.query());
    Form form = Form.of(exchange, encoder.hasProtobuf());
    whenDone(
        exchange,
        cache.snapshotAt(kind.stored(), exchange.info().namespace(), revision),
        snapshot -> page(exchange, kind, snapshot, selection, form, null));
  }

  private static <T> void whenDone(Exchange exchange, CompletionStage<T> stage, Consumer<T> step) {
    stage.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            exchange.onLoop(() -> exchange.guard(() -> step.accept(value)));
          } else {
            exchange.fail(failure);
          }
        });
  }

  void list(Exchange exchange, Kind kind) {
    Query query = exchange.query();
    Selection selection = Selection.of(kind, rules, query);
    Form form = Form.of(exchange, encoder.hasProtobuf());
    String namespace = exchange.info().namespace();
    checkMatch(query);
    if (!query.text("continue").isEmpty()) {
      ContinueToken token = ContinueToken.decode(query.text("continue"));
      whenDone(
          exchange,
          cache.snapshotAt(kind.stored(), namespace, token.revision()),
          snapshot -> page(exchange, kind, snapshot, selection, form, token));
    } else if (isExact(query)) {
      listAt(exchange, kind, revision(query.text("resourceVersion")));
    } else {
      fresh(
          exchange,
          () ->
              page(
                  exchange, kind, cache.snapshot(kind.stored(), namespace), selection, form, null));
    }
  }

  /** A page at a stated revision is exact also when the match is not stated (legacy). */
  private static boolean isExact(Query query) {
    String match = query.text("resourceVersionMatch");
    String version = query.text("resourceVersion");
    boolean stated = !version.isEmpty() && !version.equals("0");
    return match.equals("Exact") || (match.isEmpty() && stated && query.number("limit", 0) > 0);
  }

  private static void checkMatch(Query query) {
    String match = query.text("resourceVersionMatch");
    String version = query.text("resourceVersion");
    if (match.isEmpty()) {
      return;
    }
    String problem = null;
    if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
      problem =
          "resourceVersionMatch: Unsupported value: \"%s\": supported values: \"Exact\", \"NotOlderThan\""
              .formatted(match);
    } else if (version.isEmpty()) {
      problem =
          "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
    } else if (match.equals("Exact") && version.equals("0")) {
      problem =
          "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
    } else if (!query.text("continue").isEmpty()) {
      problem =
          "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided";
    }
    if (problem != null) {
      throw new RefusedException(Refusal.badRequest(problem));
    }
  }

  private void page(
      Exchange exchange,
      Kind kind,
      Snapshot snapshot,
      Selection selection,
      Form form,
      ContinueToken from) {
    List<CachedObject> all = selection.apply(snapshot);
    int start = from == null ? 0 : firstAfter(all, from);
    long limit = exchange.query().number("limit", 0);
    int end = limit > 0 ? (int) Math.min(all.size(), start + limit) : all.size();
    String token = "";
    if (end < all.size()) {
      ObjectKey last = all.get(end - 1).key();
      token = new ContinueToken(snapshot.revision(), last.namespace(), last.name()).encode();
    }
    long remaining = selection.isEverything() ? all.size() - end : 0;
    Encoder.ListMeta meta = new Encoder.ListMeta(snapshot.revision(), token, remaining);
    String include = exchange.query().text("includeObject");
    List<CachedObject> items = all.subList(start, end);
    if (Encoder.isVerbatim(kind, form)) {
      ListWriter.write(exchange, kind, meta.json(), items);
    } else {
      exchange.answer(
          200,
          form.media().type(),
          encoder.list(kind, items, meta, form, exchange.startMillis(), include));
    }
  }

  /** Objects are sorted by namespace, then name. */
  private static int firstAfter(List<CachedObject> objects, ContinueToken from) {
    int low = 0;
    int high = objects.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      ObjectKey key = objects.get(middle).key();
      int order = key.namespace().compareTo(from.namespace());
      if (order == 0) {
        order = key.name().compareTo(from.name());
      }
      if (order <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
