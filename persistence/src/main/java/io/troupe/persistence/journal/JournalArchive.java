package io.troupe.persistence.journal;

import io.troupe.persistence.journal.JournalReader.RowPair;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Reads of the journal's past; blocking, some of them long. */
public final class JournalArchive {
  private static final int FETCH_ROWS = 500;
  private static final int DIGEST_BYTES = 32;

  private final JournalReader reader;

  public JournalArchive(JournalReader reader) {
    this.reader = reader;
  }

  /**
   * Which changes; null and 0 for all.
   *
   * @param newest only so many of the newest
   */
  public record Filter(
      String type,
      String namespace,
      String name,
      String user,
      long sinceMillis,
      long afterRevision,
      int newest) {}

  /** Changes of objects in order, each with the row before it. */
  public void changes(Filter filter, Consumer<RowPair> onChange) throws SQLException {
    List<Object> arguments = new ArrayList<>();
    StringBuilder where =
        new StringBuilder("event_ser_manifest IN ('object', 'removed') AND ordering > ?");
    arguments.add(filter.afterRevision());
    part(where, arguments, 1, filter.type());
    part(where, arguments, 2, filter.namespace());
    part(where, arguments, 3, filter.name());
    if (filter.sinceMillis() > 0) {
      where.append(" AND write_timestamp >= ?");
      arguments.add(filter.sinceMillis());
    }
    if (filter.user() != null) {
      where.append(" AND convert_from(event_payload, 'UTF8')::json ->> 'user' = ?");
      arguments.add(filter.user());
    }
    String limit = filter.newest() > 0 ? " LIMIT " + filter.newest() : "";
    String sql =
        "SELECT j.ordering, j.persistence_id, j.sequence_number, j.write_timestamp,"
            + " j.event_ser_manifest, j.event_payload, b.ordering, b.write_timestamp,"
            + " b.event_ser_manifest, b.event_payload FROM (SELECT * FROM event_journal WHERE "
            + where
            + " ORDER BY ordering DESC"
            + limit
            + ") j LEFT JOIN event_journal b ON b.persistence_id = j.persistence_id AND"
            + " b.sequence_number = j.sequence_number - 1 ORDER BY j.ordering";
    try (Connection connection = reader.connection()) {
      // A cursor needs a transaction; without one the driver would fetch everything at once.
      connection.setAutoCommit(false);
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        for (int i = 0; i < arguments.size(); i++) {
          query.setObject(i + 1, arguments.get(i));
        }
        query.setFetchSize(FETCH_ROWS);
        try (ResultSet result = query.executeQuery()) {
          while (result.next()) {
            onChange.accept(JournalReader.pair(result));
          }
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private static void part(
      StringBuilder where, List<Object> arguments, int position, String wanted) {
    if (wanted != null) {
      where.append(" AND split_part(persistence_id, '|', ").append(position).append(") = ?");
      arguments.add(wanted);
    }
  }

  /** The newest row at or below the revision. */
  public Optional<JournalRow> newestAt(String persistenceId, long revision) throws SQLException {
    try (Connection connection = reader.connection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT ordering, persistence_id, sequence_number, write_timestamp,"
                    + " event_ser_manifest, event_payload FROM event_journal WHERE persistence_id"
                    + " = ? AND ordering <= ? ORDER BY sequence_number DESC LIMIT 1")) {
      query.setString(1, persistenceId);
      query.setLong(2, revision);
      try (ResultSet result = query.executeQuery()) {
        return result.next() ? Optional.of(JournalReader.row(result)) : Optional.empty();
      }
    }
  }

  /** The newest revision committed at or before the moment, 0 for none. */
  public long revisionAt(long timeMillis) throws SQLException {
    try (Connection connection = reader.connection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT last_revision FROM journal_batch WHERE committed_at <="
                    + " to_timestamp(? / 1000.0) ORDER BY first_revision DESC LIMIT 1")) {
      query.setLong(1, timeMillis);
      try (ResultSet result = query.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  /**
   * Removes rows of a type that were replaced before the moment, and whole objects that were
   * removed before the other; what an object is now always stays.
   *
   * @return how many rows
   */
  public int retire(String type, long replacedBeforeMillis, long removedBeforeMillis)
      throws SQLException {
    String sql =
        "WITH gone AS (DELETE FROM event_journal j WHERE j.persistence_id >= ? AND"
            + " j.persistence_id < ? AND CASE WHEN EXISTS (SELECT FROM event_journal n WHERE"
            + " n.persistence_id = j.persistence_id AND n.sequence_number > j.sequence_number) THEN"
            + " j.write_timestamp < ? ELSE j.event_ser_manifest = 'removed' AND j.write_timestamp <"
            + " ? END RETURNING ordering), noted AS (INSERT INTO journal_retired (kind, revisions)"
            + " SELECT ?, array_agg(ordering ORDER BY ordering) FROM gone HAVING count(*) > 0)"
            + " SELECT count(*) FROM gone";
    try (Connection connection = reader.connection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, type + "|");
      query.setString(2, type + "|" + Character.MAX_VALUE);
      query.setLong(3, replacedBeforeMillis);
      query.setLong(4, Math.min(replacedBeforeMillis, removedBeforeMillis));
      query.setString(5, type);
      try (ResultSet result = query.executeQuery()) {
        result.next();
        return result.getInt(1);
      }
    }
  }

  /**
   * Writes a checkpoint when the last one is at least so many revisions old.
   *
   * @return its revision, 0 when there was no need
   */
  public long checkpoint(long revisionsMin) throws SQLException {
    try (Connection connection = reader.connection()) {
      connection.setAutoCommit(false);
      try {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        long revision = dueCheckpoint(connection, revisionsMin);
        if (revision > 0) {
          writeCheckpoint(connection, revision);
        }
        connection.commit();
        return revision;
      } finally {
        connection.rollback();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(true);
      }
    }
  }

  private static long dueCheckpoint(Connection connection, long revisionsMin) throws SQLException {
    // The lock is tried, not waited for: another member is at it then.
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT b.latest FROM (SELECT coalesce(max(revision), 0) AS revision FROM"
                + " journal_checkpoint) c, (SELECT last_revision AS latest FROM journal_batch ORDER"
                + " BY first_revision DESC LIMIT 1) b WHERE b.latest >= c.revision + ? AND"
                + " pg_try_advisory_xact_lock(7766354)")) {
      query.setLong(1, revisionsMin);
      try (ResultSet result = query.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  private static void writeCheckpoint(Connection connection, long revision) throws SQLException {
    // The keys first: once the head is there, the function takes it for the nearest checkpoint.
    try (PreparedStatement keys =
            connection.prepareStatement(
                "CREATE TEMPORARY TABLE checkpointing ON COMMIT DROP AS SELECT n.* FROM"
                    + " journal_newest('', ?, ?) n JOIN event_journal USING (persistence_id,"
                    + " sequence_number)");
        PreparedStatement head =
            connection.prepareStatement("INSERT INTO journal_checkpoint (revision) VALUES (?)")) {
      keys.setString(1, Character.toString(Character.MAX_VALUE));
      keys.setLong(2, revision);
      keys.executeUpdate();
      head.setLong(1, revision);
      head.executeUpdate();
    }
    try (PreparedStatement rows =
        connection.prepareStatement(
            "INSERT INTO journal_checkpoint_row SELECT ?, persistence_id, sequence_number FROM"
                + " checkpointing")) {
      rows.setLong(1, revision);
      rows.executeUpdate();
    }
  }

  /** Recomputes the hash chain; empty when it holds, else what is wrong first. */
  public Optional<String> verify() throws SQLException {
    try (Connection connection = reader.connection()) {
      connection.setAutoCommit(false);
      try {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Optional<String> stray = strayRow(connection);
        return stray.isPresent() ? stray : badBatch(connection);
      } finally {
        connection.rollback();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(true);
      }
    }
  }

  /** A row that no batch covers was put in behind the triggers' back. */
  private static Optional<String> strayRow(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT j.ordering, j.persistence_id FROM event_journal j WHERE NOT EXISTS (SELECT"
                    + " FROM (SELECT last_revision FROM journal_batch WHERE first_revision <="
                    + " j.ordering ORDER BY first_revision DESC LIMIT 1) b WHERE b.last_revision >="
                    + " j.ordering) ORDER BY j.ordering LIMIT 1");
        ResultSet result = query.executeQuery()) {
      return result.next()
          ? Optional.of(
              "revision " + result.getLong(1) + " of " + result.getString(2) + ": not in the chain")
          : Optional.empty();
    }
  }

  private static Optional<String> badBatch(Connection connection) throws SQLException {
    String sql =
        "SELECT b.first_revision, b.last_revision, b.digests, b.previous_hash, b.hash,"
            + " journal_hash(b.previous_hash, b.first_revision, b.last_revision, b.committed_at,"
            + " b.digests), (SELECT string_agg(int8send(j.ordering) || journal_digest(j.ordering,"
            + " j.persistence_id, j.sequence_number, j.write_timestamp, j.event_ser_manifest,"
            + " j.event_payload), ''::bytea ORDER BY j.ordering) FROM event_journal j WHERE"
            + " j.ordering BETWEEN b.first_revision AND b.last_revision) FROM journal_batch b ORDER"
            + " BY b.first_revision";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setFetchSize(FETCH_ROWS);
      byte[] previous = new byte[0];
      long[] retired = retired(connection);
      try (ResultSet batch = query.executeQuery()) {
        while (batch.next()) {
          long first = batch.getLong(1);
          Optional<String> wrong =
              badRow(first, batch.getLong(2), batch.getBytes(3), batch.getBytes(7), retired);
          if (wrong.isPresent()) {
            return wrong;
          }
          if (!Arrays.equals(previous, batch.getBytes(4))) {
            return Optional.of(
                "revision " + first + ": the batch before it was removed or altered");
          }
          if (!Arrays.equals(batch.getBytes(5), batch.getBytes(6))) {
            return Optional.of("revision " + first + ": the hash of its batch was altered");
          }
          previous = batch.getBytes(5);
        }
      }
    }
    return Optional.empty();
  }

  private static long[] retired(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT unnest(revisions) AS revision FROM journal_retired ORDER BY revision");
        ResultSet result = query.executeQuery()) {
      LongStream.Builder revisions = LongStream.builder();
      while (result.next()) {
        revisions.add(result.getLong(1));
      }
      return revisions.build().toArray();
    }
  }

  /** Compares what was digested at the commit with the rows of today. */
  private static Optional<String> badRow(
      long first, long last, byte[] digests, byte[] rows, long[] retired) {
    ByteBuffer present = ByteBuffer.wrap(rows == null ? new byte[0] : rows);
    byte[] digest = new byte[DIGEST_BYTES];
    for (long revision = first; revision <= last; revision++) {
      boolean found = present.hasRemaining() && present.getLong(present.position()) == revision;
      if (!found) {
        if (Arrays.binarySearch(retired, revision) < 0) {
          return Optional.of("revision " + revision + ": the row is missing");
        }
        continue;
      }
      present.getLong();
      present.get(digest);
      int at = (int) (revision - first) * DIGEST_BYTES;
      if (!Arrays.equals(digests, at, at + DIGEST_BYTES, digest, 0, DIGEST_BYTES)) {
        return Optional.of("revision " + revision + ": the row was altered");
      }
    }
    return Optional.empty();
  }
}
