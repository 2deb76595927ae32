package io.troupe.control.apiserver.rest;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.control.apiserver.rest.Freshness.Wanted;
import io.troupe.control.apiserver.rest.Rendering.Form;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.WatchCache.Snapshot;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** WATCH: changes of a kind after a revision, for as long as the client likes. */
final class WatchVerb {
  /** Upstream's {@code --min-request-timeout}: a watch without a timeout lives 1 to 2 times this. */
  private static final long LIFE_SECONDS_MIN = 1_800;

  private static final long BOOKMARK_MILLIS = 55_000;

  private final Vertx vertx;
  private final ObjectStore store;
  private final Freshness freshness;
  private final Rendering rendering;
  private final FieldSelectors fields;
  private final WatchFrames frames;
  private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();

  WatchVerb(
      Vertx vertx,
      ObjectStore store,
      Freshness freshness,
      Rendering rendering,
      FieldSelectors fields) {
    this.vertx = vertx;
    this.store = store;
    this.freshness = freshness;
    this.rendering = rendering;
    this.fields = fields;
    this.frames = new WatchFrames(rendering);
  }

  int count() {
    return streams.size();
  }

  void handle(Exchange exchange, Target target) {
    if (!exchange.moment().isEmpty()) {
      throw new RefusedException(Refusal.badRequest("the past cannot be watched: it does not change"));
    }
    Query query = exchange.query();
    Selection selection = Selection.of(target.kind(), query, fields);
    long seconds = seconds(query);
    String version = query.first("resourceVersion");
    boolean initial = sendsInitialEvents(query);
    boolean bookmarks = query.flag("allowWatchBookmarks");
    Form form = rendering.form(exchange, target.kind());
    long from = version.isEmpty() ? 0 : Freshness.revision(version);
    Wanted wanted =
        version.isEmpty()
            ? new Wanted.Newest()
            : from == 0 || !initial ? new Wanted.Any() : new Wanted.AtLeast(from);
    boolean shows = initial || (from == 0 && !query.has("sendInitialEvents"));
    exchange.when(
        freshness.reached(wanted),
        reached -> {
          WatchStream stream =
              new WatchStream(exchange, target.kind(), form, selection, frames);
          long timer = endAfter(exchange, stream, seconds);
          streams.add(stream);
          long bookmarkTimer = bookmarks ? bookmarks(stream) : -1;
          stream.begin(
              () -> {
                streams.remove(stream);
                vertx.cancelTimer(timer);
                vertx.cancelTimer(bookmarkTimer);
              });
          long after = shows ? present(stream, target, initial && bookmarks) : startOf(from, reached);
          stream.subscription(
              store
                  .cache()
                  .watch(
                      target.kind().stored(),
                      target.namespace(),
                      after,
                      stream::onBatch,
                      stream::onProgress));
        });
  }

  private static long startOf(long from, long reached) {
    return from == 0 ? reached : from;
  }

  /** Shows what is there; returns the revision of it. */
  private long present(WatchStream stream, Target target, boolean marksTheEnd) {
    Snapshot snapshot = store.cache().snapshot(target.kind().stored(), target.namespace());
    stream.present(snapshot.objects());
    if (marksTheEnd) {
      stream.bookmark(snapshot.revision(), true);
    }
    return snapshot.revision();
  }

  private long bookmarks(WatchStream stream) {
    long jitter = ThreadLocalRandom.current().nextLong(5_000);
    return vertx.setPeriodic(BOOKMARK_MILLIS + jitter, id -> stream.wantBookmark());
  }

  private long endAfter(Exchange exchange, WatchStream stream, long seconds) {
    return vertx.setTimer(
        seconds * 1000, id -> exchange.context().runOnContext(v -> stream.end()));
  }

  private static long seconds(Query query) {
    String text = query.first("timeoutSeconds");
    try {
      long wanted = text.isEmpty() ? 0 : Long.parseLong(text);
      return wanted > 0
          ? Math.min(wanted, 30 * 24 * 3600L)
          : LIFE_SECONDS_MIN + ThreadLocalRandom.current().nextLong(LIFE_SECONDS_MIN);
    } catch (NumberFormatException e) {
      throw new RefusedException(
          Refusal.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax"));
    }
  }

  private static boolean sendsInitialEvents(Query query) {
    String match = query.first("resourceVersionMatch");
    if (!query.has("sendInitialEvents")) {
      if (!match.isEmpty()) {
        throw forbidden(
            "resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless"
                + " sendInitialEvents is provided");
      }
      return false;
    }
    if (!match.equals("NotOlderThan")) {
      throw forbidden(
          "resourceVersionMatch",
          "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    return query.flag("sendInitialEvents");
  }

  private static RefusedException forbidden(String field, String why) {
    return new RefusedException(
        Refusal.invalid(
            "meta.k8s.io",
            "ListOptions",
            "",
            List.of(new Refusal.Cause("FieldValueForbidden", "Forbidden: " + why, field))));
  }

  /** Ends every watch, so that clients come back elsewhere. */
  void endAll() {
    streams.forEach(WatchStream::endSoon);
  }
}
