package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.KubeClient.Page;
import io.troupe.api.client.KubeClient.WatchEvent;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link TypeCache} up to date on a virtual thread: lists, watches, resumes at the last
 * revision after a break, and lists again when that revision is gone (410).
 */
final class Reflector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
  private static final int PAGE_ITEMS = 500;
  private static final int GONE = 410;

  private final KubeClient client;
  private final Resource type;
  private final ListOptions scope;
  private final Backoff backoff;
  private final TypeCache cache;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The last revision that the cache has seen; "" when it must list. */
  private volatile String revision = "";

  private volatile boolean progressed;
  private volatile Subscription current = () -> {};

  Reflector(KubeClient client, Resource type, ListOptions scope, Backoff backoff, TypeCache cache) {
    this.client = client;
    this.type = type;
    this.scope = scope;
    this.backoff = backoff;
    this.cache = cache;
  }

  void start() {
    Thread.ofVirtual().name("reflect " + type.type()).start(this::run);
  }

  private void run() {
    int failures = 0;
    try {
      while (!waited(backoff.after(failures))) {
        failures = step() ? 0 : failures + 1;
      }
    } catch (InterruptedException e) {
      LOG.debug("reflector of {} interrupted", type.type());
    }
  }

  /** Waits; true when closed. */
  private boolean waited(Duration pause) throws InterruptedException {
    return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One list or one watch to its end; false when it brought nothing. */
  private boolean step() throws InterruptedException {
    try {
      if (revision.isEmpty()) {
        relist();
        return true;
      }
      return watch();
    } catch (RefusedException e) {
      if (e.refusal().code() == GONE) {
        revision = "";
      }
      LOG.warn("cannot follow {}: {}", type.type(), e.getMessage());
      return false;
    }
  }

  private void relist() {
    List<ObjectNode> items = new ArrayList<>();
    Page page = client.list(type, "", page(""));
    items.addAll(page.items());
    while (!page.continueToken().isEmpty()) {
      page = client.list(type, "", page(page.continueToken()));
      items.addAll(page.items());
    }
    cache.replace(items);
    revision = page.resourceVersion();
  }

  private ListOptions page(String continueToken) {
    return new ListOptions(
        scope.labelSelector(), scope.fieldSelector(), "", PAGE_ITEMS, continueToken);
  }

  private boolean watch() throws InterruptedException {
    progressed = false;
    CountDownLatch ended = new CountDownLatch(1);
    ListOptions options =
        new ListOptions(scope.labelSelector(), scope.fieldSelector(), revision, 0, "");
    Subscription watch = client.watch(type, "", options, this::take, ended::countDown);
    current =
        () -> {
          watch.close();
          ended.countDown();
        };
    if (closed.getCount() == 0) {
      watch.close();
    } else {
      ended.await();
    }
    return progressed;
  }

  private void take(WatchEvent event) {
    if (event.type().equals("ERROR")) {
      if (Json.number(event.object(), 0, "code") == GONE) {
        revision = "";
      }
      LOG.info("watch of {} ends: {}", type.type(), Json.text(event.object(), "message"));
      return;
    }
    if (!event.type().equals("BOOKMARK")) {
      cache.apply(event);
    }
    revision = Json.text(event.object(), "metadata", "resourceVersion");
    progressed = true;
  }

  @Override
  public void close() {
    closed.countDown();
    current.close();
  }
}
