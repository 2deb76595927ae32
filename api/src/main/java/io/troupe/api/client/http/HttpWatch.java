package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.WatchEvent;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one watch stream, an event per line, on a virtual thread of its own. */
final class HttpWatch implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(HttpWatch.class);

  private final InputStream stream;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  private HttpWatch(InputStream stream) {
    this.stream = stream;
  }

  /** Starts reading; a stream that outlives the time limit is taken for dead. */
  static HttpWatch start(
      InputStream stream, Duration limit, Consumer<WatchEvent> onEvent, Runnable onEnd) {
    HttpWatch watch = new HttpWatch(stream);
    Thread.ofVirtual().name("watch").start(() -> watch.run(onEvent, onEnd));
    Thread.ofVirtual().name("watch-limit").start(() -> watch.limit(limit));
    return watch;
  }

  private void run(Consumer<WatchEvent> onEvent, Runnable onEnd) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !closed.get()) {
        deliver(line, onEvent);
        line = lines.readLine();
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("watch ended: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.error("a watcher failed; its watch ends and is resumed by its owner", e);
    } finally {
      ended.countDown();
      if (!closed.getAndSet(true)) {
        onEnd.run();
      }
    }
  }

  private static void deliver(String line, Consumer<WatchEvent> onEvent) {
    if (!line.isBlank()) {
      ObjectNode event = Json.parse(line);
      if (event.get("object") instanceof ObjectNode object) {
        onEvent.accept(new WatchEvent(Json.text(event, "type"), object));
      }
    }
  }

  private void limit(Duration limit) {
    try {
      if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        stream.close();
      }
    } catch (InterruptedException | IOException e) {
      LOG.debug("watch limit: {}", e.toString());
    }
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.debug("closing a watch: {}", e.toString());
      }
    }
  }
}
