package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.troupe.api.client.Subscription;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.WatchCache;
import io.troupe.persistence.store.WatchCache.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * WATCH: streams changes of a type. A reader that does not keep up is cut off, since it can resume.
 */
final class Watches {
  private static final long BOOKMARK_MILLIS = 60_000;
  private static final long MAX_PENDING_BYTES = 16L << 20;
  private static final long MIN_TIMEOUT_SECONDS = 1_800;

  private final Vertx vertx;
  private final WatchCache cache;
  private final Reads reads;
  private final KindRules rules;
  private final Encoder encoder;
  private final WatchFrames frames;

  Watches(Vertx vertx, ObjectStore store, Reads reads, KindRules rules, Encoder encoder) {
    this.vertx = vertx;
    this.cache = store.cache();
    this.reads = reads;
    this.rules = rules;
    this.encoder = encoder;
    this.frames = new WatchFrames(rules, encoder);
  }

  void watch(Exchange exchange, Kind kind) {
    Selection selection = Selection.of(kind, rules, exchange.query());
    Form form = Form.of(exchange, encoder.hasProtobuf());
    String version = exchange.query().text("resourceVersion");
    boolean fromNow = version.isEmpty() || version.equals("0");
    boolean initial = exchange.query().flag("sendInitialEvents");
    if (fromNow || initial) {
      // A watch without a revision begins with the present objects, as synthetic additions.
      boolean additions = !exchange.query().has("sendInitialEvents") || initial;
      reads.fresh(
          exchange,
          () -> {
            Snapshot snapshot = cache.snapshot(kind.stored(), exchange.info().namespace());
            Stream stream = new Stream(exchange, kind, selection, form);
            stream.open();
            if (additions) {
              stream.initial(snapshot);
            }
            stream.follow(snapshot.revision(), initial);
          });
    } else {
      long after = Reads.revision(version);
      Stream stream = new Stream(exchange, kind, selection, form);
      stream.open();
      stream.follow(after, false);
    }
  }

  /** One client's stream; its state is touched on the connection's event loop only. */
  private final class Stream {
    private final Exchange exchange;
    private final Kind kind;
    private final Selection selection;
    private final Form form;
    private final HttpServerResponse response;
    private final boolean bookmarks;
    private final boolean plain;
    private final WatchFrames.View view;
    private volatile Subscription subscription;
    private volatile boolean closed;
    private long pendingBytes;
    private long progress;
    private long bookmarked;
    private final List<Long> timers = new ArrayList<>();

    Stream(Exchange exchange, Kind kind, Selection selection, Form form) {
      this.exchange = exchange;
      this.kind = kind;
      this.selection = selection;
      this.form = form;
      this.response = exchange.request().response();
      this.bookmarks = exchange.query().flag("allowWatchBookmarks");
      this.plain = Encoder.isVerbatim(kind, form);
      this.view = new WatchFrames.View(kind, form, exchange.query().text("includeObject"));
    }

    void open() {
      String type =
          form.media() == Form.Media.PROTOBUF
              ? form.media().type() + ";stream=watch"
              : form.media().type();
      response.putHeader("Content-Type", type).putHeader("Cache-Control", "no-cache, private");
      response.putHeader("Audit-Id", exchange.requestId()).setChunked(true);
      response.closeHandler(ignored -> close());
      response.exceptionHandler(ignored -> close());
      response.writeHead();
      long seconds = exchange.query().number("timeoutSeconds", 0);
      if (seconds <= 0) {
        seconds = MIN_TIMEOUT_SECONDS + ThreadLocalRandom.current().nextLong(MIN_TIMEOUT_SECONDS);
      }
      timers.add(
          vertx.setTimer(Math.max(1, seconds * 1_000), ignored -> exchange.onLoop(this::end)));
      if (bookmarks) {
        timers.add(
            vertx.setPeriodic(BOOKMARK_MILLIS, ignored -> exchange.onLoop(() -> bookmark(false))));
      }
    }

    void initial(Snapshot snapshot) {
      CompositeByteBuf out = Unpooled.compositeBuffer(Integer.MAX_VALUE);
      for (CachedObject object : selection.apply(snapshot)) {
        frame(out, "ADDED", object);
      }
      send(out);
      progress = snapshot.revision();
    }

    void follow(long after, boolean markInitialEnd) {
      progress = Math.max(progress, after);
      if (markInitialEnd && bookmarks) {
        bookmark(true);
      }
      Subscription opened =
          cache.watch(
              kind.stored(),
              exchange.info().namespace(),
              after,
              changes -> exchange.onLoop(() -> deliver(changes)),
              revision -> exchange.onLoop(() -> progress = Math.max(progress, revision)));
      subscription = opened;
      if (closed) {
        opened.close();
      }
    }

    private void deliver(List<CachedChange> changes) {
      if (closed) {
        return;
      }
      CompositeByteBuf out = Unpooled.compositeBuffer(Integer.MAX_VALUE);
      for (CachedChange change : changes) {
        boolean before = change.before() != null && selection.test(change.before());
        boolean after = change.after() != null && selection.test(change.after());
        if (after) {
          frame(out, before ? "MODIFIED" : "ADDED", change.after());
        } else if (before) {
          frame(out, "DELETED", change.last() != null ? change.last() : leaving(change));
        }
        progress = Math.max(progress, change.revision());
      }
      send(out);
    }

    /** An object that stopped matching is shown as it was, at the revision of the change. */
    private CachedObject leaving(CachedChange change) {
      ObjectNode tree = change.before().tree().deepCopy();
      Json.ensure(tree, "metadata").put("resourceVersion", Long.toString(change.revision()));
      return new CachedObject(change.before().key(), change.revision(), Json.bytes(tree));
    }

    private void frame(CompositeByteBuf out, String type, CachedObject object) {
      if (plain) {
        out.addComponent(true, WatchFrames.plain(type, object));
      } else {
        out.addComponent(true, Unpooled.wrappedBuffer(frames.of(view, type, object)));
      }
    }

    private void bookmark(boolean initialEnd) {
      if (closed || (!initialEnd && progress == bookmarked)) {
        return;
      }
      bookmarked = progress;
      ObjectNode object = Json.object();
      object.put("kind", kind.resource().kind()).put("apiVersion", kind.resource().apiVersion());
      ObjectNode metadata =
          object.putObject("metadata").put("resourceVersion", Long.toString(progress));
      if (initialEnd) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      if (form.shape() == Form.Shape.METADATA) {
        object.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
      }
      if (form.shape() == Form.Shape.TABLE) {
        object.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        object.putArray("columnDefinitions");
        object.putArray("rows");
      }
      send(Unpooled.wrappedBuffer(frames.event(form, "BOOKMARK", object)));
    }

    private void send(ByteBuf bytes) {
      int size = bytes.readableBytes();
      if (closed || size == 0) {
        return;
      }
      if (pendingBytes > 0 && pendingBytes + size > MAX_PENDING_BYTES) {
        close();
        exchange.request().connection().close();
        return;
      }
      pendingBytes += size;
      response
          .write(BufferInternal.buffer(bytes))
          .onComplete(ignored -> exchange.onLoop(() -> pendingBytes -= size));
    }

    private void end() {
      if (!closed) {
        close();
        response.end();
      }
    }

    private void close() {
      closed = true;
      timers.forEach(vertx::cancelTimer);
      Subscription open = subscription;
      if (open != null) {
        open.close();
      }
    }
  }
}
