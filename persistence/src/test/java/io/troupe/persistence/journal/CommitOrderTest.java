package io.troupe.persistence.journal;

import static io.troupe.persistence.journal.JournalFixture.write;
import static io.troupe.persistence.journal.JournalFixture.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1: a reader who has seen revision N never later sees one below N appear. */
@Tag("slow")
class CommitOrderTest {
  private static final int ROWS_PER_WRITER = 100_000;
  private static final int IN_FLIGHT = 700;

  @Test
  void shouldNeverShowALowerRevisionLaterWhileTwoWrite(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres postgres = TestPostgres.start(directory)) {
      var database = new Database(postgres.jdbcUrl(), postgres.user(), postgres.password());
      database.migrate();
      try (JournalWriter one = writer(database);
          JournalWriter two = writer(database);
          JournalReader reader = new JournalReader(database, 2)) {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> fill(one, "one"));
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> fill(two, "two"));
        Set<Long> polled = new HashSet<>();
        long last = 0;
        boolean ended;
        do {
          ended = first.isDone() && second.isDone();
          List<JournalRow> rows = reader.after(last, 5000);
          for (JournalRow row : rows) {
            polled.add(row.revision());
            last = row.revision();
          }
          ended &= rows.isEmpty();
        } while (!ended);
        first.join();
        second.join();
        assertThat(polled).hasSize(2 * ROWS_PER_WRITER);
        assertThat(new JournalArchive(reader).verify()).isEmpty();
      }
    }
  }

  private static void fill(JournalWriter writer, String name) {
    Queue<CompletableFuture<Long>> flying = new ArrayDeque<>();
    for (int i = 1; i <= ROWS_PER_WRITER; i++) {
      flying.add(write(writer, "t|" + name + "|o" + i % 5000, 1 + i / 5000, "{\"i\":" + i + "}"));
      // An uneven load, so that groups of all sizes overtake one another.
      int allowed = 1 + ThreadLocalRandom.current().nextInt(IN_FLIGHT);
      while (flying.size() > allowed) {
        flying.remove().join();
      }
    }
    flying.forEach(CompletableFuture::join);
  }
}
