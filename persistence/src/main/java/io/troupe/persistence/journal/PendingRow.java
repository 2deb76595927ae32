package io.troupe.persistence.journal;

import java.util.concurrent.CompletableFuture;

/** A row that waits for its commit; {@code done} gets the revision. */
public record PendingRow(
    String persistenceId,
    long sequence,
    String writer,
    long timeMillis,
    JournalEvent event,
    byte[] payload,
    CompletableFuture<Long> done) {

  static PendingRow of(
      String persistenceId, long sequence, String writer, long timeMillis, JournalEvent event) {
    return new PendingRow(
        persistenceId,
        sequence,
        writer,
        timeMillis,
        event,
        event.payload(),
        new CompletableFuture<>());
  }

  void fail(JournalFailure failure) {
    event.failed(failure);
    done.completeExceptionally(failure);
  }
}
