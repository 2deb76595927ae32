package io.troupe.persistence.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads of the journal; blocking. */
public final class JournalReader implements AutoCloseable {
  private static final String COLUMNS =
      " j.ordering, j.persistence_id, j.sequence_number, j.write_timestamp, j.event_ser_manifest,"
          + " j.event_payload ";
  private static final int FETCH_ROWS = 500;

  /** Of the batches, since a row may be retired but its revision was seen. */
  private static final String LATEST =
      "SELECT coalesce((SELECT last_revision FROM journal_batch ORDER BY first_revision DESC LIMIT"
          + " 1), 0)";

  private final HikariDataSource pool;

  public JournalReader(Database database, int connectionsMax) {
    pool = database.pool(connectionsMax);
  }

  /** A change together with the row before it of the same object, null when it was the first. */
  public record RowPair(JournalRow before, JournalRow row) {}

  @Override
  public void close() {
    pool.close();
  }

  Connection connection() throws SQLException {
    return pool.getConnection();
  }

  /** The newest committed revision, 0 for an empty journal. */
  public long latest() throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query = connection.prepareStatement(LATEST);
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Rows after a revision in order; at most {@code rowsMax}. */
  public List<JournalRow> after(long revision, int rowsMax) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT"
                    + COLUMNS
                    + "FROM event_journal j WHERE j.ordering > ? ORDER BY j.ordering LIMIT ?")) {
      query.setLong(1, revision);
      query.setInt(2, rowsMax);
      return rows(query);
    }
  }

  /** The newest row of each persistence id; the ids that have none are left out. */
  public List<JournalRow> newest(List<String> persistenceIds) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT"
                    + COLUMNS
                    + "FROM unnest(?::text[]) AS w(id) CROSS JOIN LATERAL (SELECT * FROM"
                    + " event_journal e WHERE e.persistence_id = w.id ORDER BY e.sequence_number"
                    + " DESC LIMIT 1) j")) {
      query.setArray(1, connection.createArrayOf("text", persistenceIds.toArray()));
      return rows(query);
    }
  }

  /** Rows of one persistence id from the newest with the manifest on; all when there is none. */
  public List<JournalRow> since(String persistenceId, String manifest) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT"
                    + COLUMNS
                    + "FROM event_journal j WHERE j.persistence_id = ? AND j.sequence_number >="
                    + " coalesce((SELECT max(sequence_number) FROM event_journal WHERE"
                    + " persistence_id = ? AND event_ser_manifest = ?), 0) ORDER BY"
                    + " j.sequence_number")) {
      query.setString(1, persistenceId);
      query.setString(2, persistenceId);
      query.setString(3, manifest);
      return rows(query);
    }
  }

  /** The newest row of every persistence id, and the revision of the journal as it was read. */
  public long newestOfAll(Consumer<JournalRow> onRow) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        long revision;
        try (PreparedStatement query = connection.prepareStatement(LATEST);
            ResultSet row = query.executeQuery()) {
          row.next();
          revision = row.getLong(1);
        }
        try (PreparedStatement query = newest(connection, "", revision)) {
          each(query, onRow);
        }
        return revision;
      } finally {
        connection.rollback();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(true);
      }
    }
  }

  /** The newest row at or below the revision of every persistence id with the prefix. */
  public List<JournalRow> newestAt(String prefix, long revision) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query = newest(connection, prefix, revision)) {
      return rows(query);
    }
  }

  private static PreparedStatement newest(Connection connection, String prefix, long revision)
      throws SQLException {
    PreparedStatement query =
        connection.prepareStatement(
            "SELECT"
                + COLUMNS
                + "FROM journal_newest(?, ?, ?) n JOIN event_journal j USING (persistence_id,"
                + " sequence_number)");
    query.setString(1, prefix);
    query.setString(2, prefix + Character.MAX_VALUE);
    query.setLong(3, revision);
    return query;
  }

  /**
   * Changes of persistence ids with the prefix in {@code (after, upTo]}, in order, with befores.
   */
  public List<RowPair> changes(String prefix, long after, long upTo, int rowsMax)
      throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT"
                    + COLUMNS
                    + ", b.ordering, b.write_timestamp, b.event_ser_manifest, b.event_payload FROM"
                    + " event_journal j LEFT JOIN event_journal b ON b.persistence_id ="
                    + " j.persistence_id AND b.sequence_number = j.sequence_number - 1 WHERE"
                    + " j.ordering > ? AND j.ordering <= ? AND j.persistence_id >= ? AND"
                    + " j.persistence_id < ? ORDER BY j.ordering LIMIT ?")) {
      query.setLong(1, after);
      query.setLong(2, upTo);
      query.setString(3, prefix);
      query.setString(4, prefix + Character.MAX_VALUE);
      query.setInt(5, rowsMax);
      List<RowPair> pairs = new ArrayList<>();
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          pairs.add(pair(result));
        }
      }
      return pairs;
    }
  }

  private static List<JournalRow> rows(PreparedStatement query) throws SQLException {
    List<JournalRow> rows = new ArrayList<>();
    each(query, rows::add);
    return rows;
  }

  private static void each(PreparedStatement query, Consumer<JournalRow> onRow)
      throws SQLException {
    query.setFetchSize(FETCH_ROWS);
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        onRow.accept(row(result));
      }
    }
  }

  static RowPair pair(ResultSet result) throws SQLException {
    JournalRow row = row(result);
    byte[] old = result.getBytes(10);
    if (old == null) {
      return new RowPair(null, row);
    }
    return new RowPair(
        new JournalRow(
            result.getLong(7),
            row.persistenceId(),
            row.sequence() - 1,
            result.getLong(8),
            result.getString(9),
            old),
        row);
  }

  static JournalRow row(ResultSet result) throws SQLException {
    return new JournalRow(
        result.getLong(1),
        result.getString(2),
        result.getLong(3),
        result.getLong(4),
        result.getString(5),
        result.getBytes(6));
  }
}
