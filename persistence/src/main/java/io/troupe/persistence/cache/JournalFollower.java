package io.troupe.persistence.cache;

import io.troupe.persistence.cache.LiveCache.Applied;
import io.troupe.persistence.journal.JournalReader;
import io.troupe.persistence.journal.JournalRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the cache: with groups committed by this JVM while they follow one another, and from the
 * journal whenever there is a gap, a hint or, to be safe, some time has passed.
 */
public final class JournalFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFollower.class);
  private static final int READ_ROWS = 1000;

  private static final int EARLY_GROUPS_MAX = 256;
  private static final Executor SOON =
      CompletableFuture.delayedExecutor(
          4, TimeUnit.MILLISECONDS, Executors.newVirtualThreadPerTaskExecutor());

  private final LiveCache cache;
  // Guarded by the cache's monitor: groups that came before their predecessor, by first revision.
  private final TreeMap<Long, List<Applied>> early = new TreeMap<>();
  private final JournalReader reader;
  private final Duration pollEvery;
  private final Semaphore wanted = new Semaphore(0);
  private final Thread thread;

  public JournalFollower(LiveCache cache, JournalReader reader, Duration pollEvery) {
    this.cache = cache;
    this.reader = reader;
    this.pollEvery = pollEvery;
    this.thread = Thread.ofVirtual().name("journal-follower").unstarted(this::run);
  }

  public void start() {
    cache.onBehind(revision -> wakeUnless(() -> cache.revision() >= revision));
    thread.start();
  }

  /**
   * Applies a group if it is the next one. Else it is kept for a moment, since the group before it
   * may be on its way from another member; after that the journal is read.
   */
  public void offer(long first, List<Applied> group) {
    synchronized (cache) {
      if (first > cache.revision() + 1) {
        if (early.size() < EARLY_GROUPS_MAX) {
          early.put(first, group);
        }
      } else {
        cache.apply(group);
        applyEarly();
        return;
      }
    }
    wakeUnless(() -> cache.revision() >= first);
  }

  private void applyEarly() {
    while (!early.isEmpty() && early.firstKey() <= cache.revision() + 1) {
      cache.apply(early.pollFirstEntry().getValue());
    }
  }

  private void wakeUnless(BooleanSupplier settled) {
    SOON.execute(
        () -> {
          if (!settled.getAsBoolean()) {
            wake();
          }
        });
  }

  /** Reads the journal's tail soon. */
  public void wake() {
    wanted.release();
  }

  /** Reads the journal's tail now. */
  public void catchUp() throws SQLException {
    List<JournalRow> rows;
    do {
      rows = reader.after(cache.revision(), READ_ROWS);
      List<Applied> changes = new ArrayList<>(rows.size());
      rows.forEach(row -> changes.add(applied(row)));
      synchronized (cache) {
        cache.apply(changes);
        applyEarly();
      }
    } while (rows.size() == READ_ROWS);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (wanted.tryAcquire(pollEvery.toMillis(), TimeUnit.MILLISECONDS)) {
          wanted.drainPermits();
        }
        try {
          catchUp();
          cache.tick();
        } catch (SQLException | RuntimeException e) {
          LOG.debug("cannot follow the journal yet", e);
          Thread.sleep(200);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private static Applied applied(JournalRow row) {
    boolean removed = row.isRemoval();
    boolean isObject = removed || row.manifest().equals(JournalRow.OBJECT);
    return new Applied(
        row.revision(),
        row.persistenceId(),
        row.sequence(),
        removed,
        isObject ? LiveCache.object(row) : null);
  }
}
