package io.troupe.persistence.journal;

import static io.troupe.persistence.journal.JournalFixture.failure;
import static io.troupe.persistence.journal.JournalFixture.write;
import static io.troupe.persistence.journal.JournalFixture.writer;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.persistence.Await;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static Database database;

  @BeforeAll
  static void start() throws Exception {
    postgres = TestPostgres.start(directory);
    database = new Database(postgres.jdbcUrl(), postgres.user(), postgres.password());
    database.migrate();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @Test
  void shouldFenceASecondWriterOfOneObjectAndOnlyIt() throws Exception {
    try (JournalWriter first = writer(database);
        JournalWriter second = writer(database)) {
      write(first, "t||fenced", 1, "{}").join();
      List<CompletableFuture<Long>> innocent = new ArrayList<>();
      innocent.add(write(second, "t||innocent-1", 1, "{}"));
      CompletableFuture<Long> loser = write(second, "t||fenced", 1, "{}");
      innocent.add(write(second, "t||innocent-2", 1, "{}"));
      assertThat(failure(loser)).isEqualTo(JournalFailure.Kind.FENCED);
      for (CompletableFuture<Long> row : innocent) {
        assertThat(failure(row)).isNull();
      }
    }
  }

  @Test
  void shouldNameTheFirstRowThatWasAlteredOrRemoved() throws Exception {
    var archive = archiveOver(database);
    long altered;
    long removed;
    try (JournalWriter writer = writer(database)) {
      List<CompletableFuture<Long>> rows = new ArrayList<>();
      for (int i = 1; i <= 50; i++) {
        rows.add(write(writer, "t||chained", i, "{\"n\":" + i + "}"));
      }
      altered = rows.get(20).join();
      removed = rows.get(30).join();
      rows.getLast().join();
    }
    assertThat(archive.verify()).isEmpty();
    execute("DELETE FROM event_journal WHERE ordering = " + removed);
    assertThat(archive.verify()).contains("revision " + removed + ": the row is missing");
    execute("UPDATE event_journal SET event_payload = '{}' WHERE ordering = " + altered);
    assertThat(archive.verify()).contains("revision " + altered + ": the row was altered");
    execute("TRUNCATE event_journal, journal_batch");
    assertThat(archive.verify()).isEmpty();
  }

  @Test
  void shouldRefuseRowsWhileTheDatabaseIsAwayAndGoOnAfterwards() throws Exception {
    try (JournalWriter writer = writer(database)) {
      long before = write(writer, "t||away", 1, "{}").join();
      postgres.stop();
      JournalFailure.Kind first = failure(write(writer, "t||away", 2, "{}"));
      assertThat(first).isIn(JournalFailure.Kind.UNKNOWN, JournalFailure.Kind.UNAVAILABLE);
      assertThat(failure(write(writer, "t||away", 2, "{}")))
          .isEqualTo(JournalFailure.Kind.UNAVAILABLE);
      assertThat(writer.isAvailable()).isFalse();
      postgres.restart(TestPostgres.BINARIES);
      Await.until("the database is back", writer::isAvailable);
      assertThat(write(writer, "t||away", 2, "{}").join()).isGreaterThan(before);
    }
  }

  private static JournalArchive archiveOver(Database database) {
    return new JournalArchive(new JournalReader(database, 2));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
