package io.troupe.persistence.cache;

import io.troupe.api.client.Subscription;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: it remembers up to which revision it has delivered and, whenever it is woken, fetches
 * what came after, from memory or the journal.
 */
final class CacheWatch implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(CacheWatch.class);

  /** Where changes come from. */
  interface Source {
    /** The revision up to which the cache is complete. */
    long revision();

    /** Changes after the revision, null when they are only in the journal. */
    List<CachedChange> recent(long after);

    /** Some changes in {@code (after, upTo]}, from the journal; all when fewer than the limit. */
    List<CachedChange> past(long after, long upTo, int limit) throws java.sql.SQLException;
  }

  private static final int PAST_ROWS = 500;
  private static final long PAST_RETRY_MILLIS = 500;

  private final Source source;
  private final String namespace;
  private final Consumer<List<CachedChange>> onBatch;
  private final Consumer<Long> onProgress;
  private final Executor executor;
  private final Consumer<CacheWatch> onClose;
  private final AtomicInteger wakeups = new AtomicInteger();
  private long position;
  private volatile boolean open = true;

  CacheWatch(
      Source source,
      String namespace,
      long after,
      Consumer<List<CachedChange>> onBatch,
      Consumer<Long> onProgress,
      Executor executor,
      Consumer<CacheWatch> onClose) {
    this.source = source;
    this.namespace = namespace;
    this.position = after;
    this.onBatch = onBatch;
    this.onProgress = onProgress;
    this.executor = executor;
    this.onClose = onClose;
  }

  /** Makes it look again; from any thread. */
  void wake() {
    if (wakeups.getAndIncrement() == 0) {
      executor.execute(this::run);
    }
  }

  @Override
  public void close() {
    open = false;
    onClose.accept(this);
  }

  private void run() {
    int seen;
    do {
      seen = wakeups.get();
      try {
        drain();
      } catch (RuntimeException e) {
        LOG.warn("a watcher failed and is closed", e);
        close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
      }
    } while (!wakeups.compareAndSet(seen, 0));
  }

  private void drain() throws InterruptedException {
    while (open) {
      long complete = source.revision();
      if (complete <= position) {
        return;
      }
      List<CachedChange> recent = source.recent(position);
      if (recent != null) {
        deliver(recent);
        long last = recent.isEmpty() ? complete : recent.getLast().revision();
        progress(Math.max(complete, last));
      } else {
        readPast(complete);
      }
    }
  }

  private void readPast(long complete) throws InterruptedException {
    try {
      List<CachedChange> past = source.past(position, complete, PAST_ROWS);
      deliver(past);
      progress(past.size() < PAST_ROWS ? complete : past.getLast().revision());
    } catch (java.sql.SQLException e) {
      LOG.debug("a watch cannot read the journal yet", e);
      Thread.sleep(PAST_RETRY_MILLIS);
    }
  }

  private void deliver(List<CachedChange> changes) {
    List<CachedChange> mine =
        namespace.isEmpty()
            ? changes
            : changes.stream().filter(change -> namespaceOf(change).equals(namespace)).toList();
    if (!mine.isEmpty() && open) {
      onBatch.accept(mine);
    }
  }

  private void progress(long revision) {
    position = revision;
    if (open) {
      onProgress.accept(revision);
    }
  }

  private static String namespaceOf(CachedChange change) {
    CachedObject object = change.after() == null ? change.last() : change.after();
    return object.key().namespace();
  }
}
