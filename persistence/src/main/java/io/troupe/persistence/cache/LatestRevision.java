package io.troupe.persistence.cache;

import io.troupe.persistence.journal.JournalReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Asks the journal for its latest revision: one query for all that wait, begun after the last of
 * them asked, so each learns of every write acknowledged before it asked.
 */
public final class LatestRevision implements AutoCloseable {
  private final JournalReader reader;
  private final LinkedBlockingQueue<CompletableFuture<Long>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  public LatestRevision(JournalReader reader) {
    this.reader = reader;
    this.thread = Thread.ofVirtual().name("journal-latest").start(this::run);
  }

  public CompletableFuture<Long> get() {
    var future = new CompletableFuture<Long>();
    queue.add(future);
    return future;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    List<CompletableFuture<Long>> asking = new ArrayList<>();
    try {
      while (true) {
        asking.add(queue.take());
        queue.drainTo(asking);
        try {
          Long latest = reader.latest();
          asking.forEach(future -> future.complete(latest));
        } catch (SQLException | RuntimeException e) {
          asking.forEach(future -> future.completeExceptionally(e));
        }
        asking.clear();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }
}
