package io.troupe.persistence.journal;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Rows without actors. */
final class JournalFixture {
  private JournalFixture() {}

  static JournalWriter writer(Database database) {
    return new JournalWriter(database, new Deaf());
  }

  static CompletableFuture<Long> write(
      JournalWriter writer, String persistenceId, long sequence, String payload) {
    var row = PendingRow.of(persistenceId, sequence, "w", 1L, new Text(payload));
    writer.write(row);
    return row.done();
  }

  static JournalFailure.Kind failure(CompletableFuture<Long> row) {
    Throwable failure =
        row.handle((revision, thrown) -> thrown)
            .orTimeout(30, java.util.concurrent.TimeUnit.SECONDS)
            .join();
    return failure instanceof JournalFailure known ? known.kind() : null;
  }

  private record Deaf() implements JournalWriter.Listener {
    @Override
    public void committed(JournalWriter.Committed group) {}

    @Override
    public void reconnected() {}

    @Override
    public void fenced(String persistenceId) {}
  }

  private record Text(String text) implements JournalEvent {
    @Override
    public String manifest() {
      return JournalRow.OBJECT;
    }

    @Override
    public byte[] payload() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void committed(long revision) {}

    @Override
    public void failed(JournalFailure failure) {}
  }
}
