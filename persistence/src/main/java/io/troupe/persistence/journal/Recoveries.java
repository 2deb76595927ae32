package io.troupe.persistence.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Finds the newest rows of waking entities: one query for all that wait at the moment. */
final class Recoveries implements AutoCloseable {
  private static final int BATCH_MAX = 256;

  private record Waiting(String persistenceId, CompletableFuture<Optional<JournalRow>> found) {}

  private final JournalReader reader;
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  Recoveries(JournalReader reader) {
    this.reader = reader;
    this.thread = Thread.ofVirtual().name("journal-recoveries").start(this::run);
  }

  CompletableFuture<Optional<JournalRow>> newest(String persistenceId) {
    var waiting = new Waiting(persistenceId, new CompletableFuture<>());
    queue.add(waiting);
    return waiting.found();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, BATCH_MAX - 1);
        answer(batch);
        batch.clear();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(List<Waiting> batch) {
    try {
      Map<String, JournalRow> found = new HashMap<>();
      reader
          .newest(batch.stream().map(Waiting::persistenceId).distinct().toList())
          .forEach(row -> found.put(row.persistenceId(), row));
      batch.forEach(w -> w.found().complete(Optional.ofNullable(found.get(w.persistenceId()))));
    } catch (SQLException | RuntimeException e) {
      batch.forEach(w -> w.found().completeExceptionally(e));
    }
  }
}
