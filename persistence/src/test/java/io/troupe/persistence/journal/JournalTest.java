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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    execute("TRUNCATE event_journal, journal_batch, journal_checkpoint CASCADE");
    assertThat(archive.verify()).isEmpty();
  }

  @Test
  void shouldFindEveryNewestRowAcrossCheckpoints() throws Exception {
    execute("TRUNCATE event_journal, journal_batch, journal_checkpoint CASCADE");
    var archive = archiveOver(database);
    Map<String, Long> newest = new HashMap<>();
    Map<Long, Map<String, Long>> past = new HashMap<>();
    var random = new Random(7);
    int checkpoints = 0;
    try (JournalWriter writer = writer(database);
        JournalReader reader = new JournalReader(database, 2)) {
      for (int i = 0; i < 300; i++) {
        String id = "t|n|o" + random.nextInt(20);
        long sequence = newest.merge(id, 1L, Long::sum);
        past.put(write(writer, id, sequence, "{}").join(), Map.copyOf(newest));
        if (random.nextInt(30) == 0 && archive.checkpoint(10) > 0) {
          checkpoints++;
          assertThat(archive.checkpoint(10)).isZero();
        }
      }
      assertThat(checkpoints).isGreaterThan(3);
      Map<String, Long> loaded = new HashMap<>();
      assertThat(reader.newestOfAll(row -> loaded.put(row.persistenceId(), row.sequence())))
          .isEqualTo(reader.latest());
      assertThat(loaded).isEqualTo(newest);
      for (Map.Entry<Long, Map<String, Long>> moment : past.entrySet()) {
        Map<String, Long> then = new HashMap<>();
        reader
            .newestAt("t|n|", moment.getKey())
            .forEach(row -> then.put(row.persistenceId(), row.sequence()));
        assertThat(then).isEqualTo(moment.getValue());
      }
    }
  }

  @Test
  void shouldRetireReplacedRowsAndStillVerify() throws Exception {
    var archive = archiveOver(database);
    try (JournalWriter writer = writer(database)) {
      for (int i = 1; i <= 9; i++) {
        write(writer, "leases|n|one", i, "{}").join();
        write(writer, "kept|n|one", i, "{}").join();
      }
    }
    // The fixture writes at millisecond 1.
    assertThat(archive.retire("leases", 1, 1)).isZero();
    assertThat(archive.retire("leases", 2, 2)).isEqualTo(8);
    assertThat(archive.retire("leases", 2, 2)).isZero();
    assertThat(archive.verify()).isEmpty();
    execute("DELETE FROM event_journal WHERE persistence_id = 'kept|n|one'");
    assertThat(archive.verify()).isPresent();
    execute("TRUNCATE event_journal, journal_batch, journal_retired");
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
