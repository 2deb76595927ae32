package io.troupe.control.apiserver.rest;

import io.troupe.api.client.Subscription;
import io.troupe.api.kinds.Kind;
import io.troupe.control.apiserver.http.Buffers;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.rest.Rendering.Form;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watcher. Changes come on a thread of the cache and leave on the connection's event loop. A
 * reader that falls too far behind is cut: it can resume where it was.
 */
final class WatchStream {
  private static final Logger LOG = LoggerFactory.getLogger(WatchStream.class);
  private static final long PENDING_BYTES_MAX = 16L << 20;

  private final Exchange exchange;
  private final Kind kind;
  private final Form form;
  private final Selection selection;
  private final WatchFrames frames;
  private final HttpServerResponse response;
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private final AtomicLong pendingBytes = new AtomicLong();
  private volatile boolean bookmarkDue;
  private volatile boolean over;
  private Subscription subscription;
  private Runnable onOver = () -> {};

  WatchStream(
      Exchange exchange, Kind kind, Form form, Selection selection, WatchFrames frames) {
    this.exchange = exchange;
    this.kind = kind;
    this.form = form;
    this.selection = selection;
    this.frames = frames;
    String stream = form.format().mediaType().equals("application/json") ? "" : ";stream=watch";
    this.response = exchange.begin(200, form.contentType() + stream);
  }

  /** Sends the head at once, so that the client knows that its watch stands. */
  void begin(Runnable whenOver) {
    onOver = whenOver;
    response.setChunked(true);
    response.exceptionHandler(e -> stop());
    response.closeHandler(v -> stop());
    response.drainHandler(v -> pump());
    response.writeHead();
  }

  /** Objects that are there already. */
  void present(List<CachedObject> objects) {
    List<byte[]> added = new ArrayList<>(objects.size());
    for (CachedObject object : selection.of(objects)) {
      added.add(frames.frame(kind, form, "ADDED", object));
    }
    // What is present is as large as it is; only what comes later is bounded.
    waiting.addAll(added);
    added.forEach(frame -> pendingBytes.addAndGet(frame.length));
    pump();
  }

  void bookmark(long revision, boolean initialEventsEnd) {
    enqueue(List.of(frames.bookmark(kind, form, revision, initialEventsEnd)));
  }

  void subscription(Subscription made) {
    subscription = made;
    if (over) {
      made.close();
    }
  }

  /** Asks for a bookmark with the next progress. */
  void wantBookmark() {
    bookmarkDue = true;
  }

  /** On the cache's thread. */
  void onBatch(List<CachedChange> changes) {
    List<byte[]> events = new ArrayList<>(changes.size());
    int bytes = 0;
    for (CachedChange change : changes) {
      byte[] event = frames.of(kind, form, selection, change);
      if (event != null) {
        events.add(event);
        bytes += event.length;
      }
    }
    if (events.isEmpty() || over) {
      return;
    }
    if (pendingBytes.addAndGet(bytes) > PENDING_BYTES_MAX + bytes) {
      LOG.info("cutting a watcher of {} that reads too slowly", kind.resource().plural());
      exchange.context().runOnContext(v -> cut());
    } else {
      exchange.context().runOnContext(v -> push(events));
    }
  }

  /** On the cache's thread, after the batch that it follows. */
  void onProgress(long revision) {
    if (bookmarkDue && !over) {
      bookmarkDue = false;
      byte[] frame = frames.bookmark(kind, form, revision, false);
      pendingBytes.addAndGet(frame.length);
      exchange.context().runOnContext(v -> push(List.of(frame)));
    }
  }

  private void enqueue(List<byte[]> events) {
    events.forEach(event -> pendingBytes.addAndGet(event.length));
    push(events);
  }

  private void push(List<byte[]> events) {
    if (over) {
      return;
    }
    if (waiting.isEmpty() && events.size() == 1 && !response.writeQueueFull()) {
      write(events.getFirst());
    } else {
      waiting.addAll(events);
      pump();
    }
  }

  private void pump() {
    while (!over && !waiting.isEmpty() && !response.writeQueueFull()) {
      write(waiting.poll());
    }
  }

  private void write(byte[] event) {
    pendingBytes.addAndGet(-event.length);
    response.write(Buffers.wrap(event));
  }

  private void cut() {
    if (!over) {
      stop();
      response.reset();
    }
  }

  /** Ends the answer in order: the client may watch again. */
  void end() {
    if (!over) {
      stop();
      response.end();
    }
  }

  /** The same, from any thread. */
  void endSoon() {
    exchange.context().runOnContext(v -> end());
  }

  private void stop() {
    if (over) {
      return;
    }
    over = true;
    waiting.clear();
    if (subscription != null) {
      subscription.close();
    }
    onOver.run();
  }
}
