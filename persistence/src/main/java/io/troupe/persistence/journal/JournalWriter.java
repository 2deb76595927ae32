package io.troupe.persistence.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits rows in groups: one thread, one connection, one insert for all that waited meanwhile.
 *
 * <p>While the database is away every row is refused at once, and the thread tries to connect until
 * it is back.
 */
public final class JournalWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
  private static final int BATCH_ROWS_MAX = 512;
  private static final int BATCH_BYTES_MAX = 8 << 20;
  private static final long RETRY_MILLIS = 200;
  private static final long IDLE_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String DUPLICATE_KEY = "23505";
  private static final String INSERT =
      "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
          + " event_ser_manifest, event_payload) SELECT * FROM"
          + " unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::bytea[])"
          + " RETURNING ordering";

  /** A committed group, in order of revision. */
  public record Committed(List<PendingRow> rows, long[] revisions) {
    public long first() {
      return revisions[0];
    }

    public long last() {
      return revisions[revisions.length - 1];
    }
  }

  private final Database database;

  /** Who is told; on the writer's thread, before anything else is committed. */
  public interface Listener {
    /** Before the rows' futures complete. */
    void committed(Committed group);

    /**
     * A connection was made again.
     *
     * @throws RuntimeException when this is not the database that it should be
     */
    void reconnected();

    /** Another writer was first: what this JVM believes of the object is old. */
    void fenced(String persistenceId);
  }

  private final Listener listener;
  private final LinkedBlockingQueue<PendingRow> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean open = true;
  private volatile boolean available = true;
  private volatile long lastRevision;
  private Connection connection;
  private PreparedStatement insert;
  private long lastUseNanos;

  /** Starts the thread. */
  public JournalWriter(Database database, Listener listener) {
    this.database = database;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("journal-writer").daemon().start(this::run);
  }

  /** Whether the database was there the last time it was needed. */
  public boolean isAvailable() {
    return available;
  }

  /** The newest revision that this writer committed, 0 for none. */
  public long lastRevision() {
    return lastRevision;
  }

  public void write(PendingRow row) {
    queue.add(row);
    if (!open) {
      queue.remove(row);
      row.fail(unavailable("the journal is closed", null));
    }
  }

  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    disconnect();
    refuse(drain(new ArrayList<>()), unavailable("the journal is closed", null));
  }

  private void run() {
    try {
      while (open) {
        step();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() throws InterruptedException {
    if (!available) {
      PendingRow hopeless = queue.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
      if (hopeless != null) {
        refuse(
            drain(new ArrayList<>(List.of(hopeless))), unavailable("the database is away", null));
      }
      tryConnect();
      return;
    }
    List<PendingRow> rows = drain(new ArrayList<>(List.of(queue.take())));
    try {
      if (!tryConnect()) {
        refuse(rows, unavailable("the database is away", null));
        return;
      }
      commit(rows);
    } catch (RuntimeException | Error e) {
      // The thread must outlive any surprise, and no row may wait for ever.
      LOG.error("journal writer failed", e);
      refuse(rows, new JournalFailure(JournalFailure.Kind.UNKNOWN, "journal writer failed", e));
      disconnect();
    }
  }

  private List<PendingRow> drain(List<PendingRow> rows) {
    int bytes = rows.stream().mapToInt(row -> row.payload().length).sum();
    while (rows.size() < BATCH_ROWS_MAX && bytes < BATCH_BYTES_MAX) {
      PendingRow next = queue.poll();
      if (next == null) {
        break;
      }
      rows.add(next);
      bytes += next.payload().length;
    }
    return rows;
  }

  private void commit(List<PendingRow> rows) {
    long[] revisions;
    try {
      revisions = insert(rows);
      lastUseNanos = System.nanoTime();
    } catch (SQLException e) {
      onFailure(rows, e);
      return;
    }
    for (int i = 0; i < revisions.length; i++) {
      rows.get(i).event().committed(revisions[i]);
    }
    lastRevision = revisions[revisions.length - 1];
    listener.committed(new Committed(rows, revisions));
    for (int i = 0; i < revisions.length; i++) {
      rows.get(i).done().complete(revisions[i]);
    }
  }

  private long[] insert(List<PendingRow> rows) throws SQLException {
    int count = rows.size();
    String[] ids = new String[count];
    long[] sequences = new long[count];
    String[] writers = new String[count];
    long[] times = new long[count];
    String[] manifests = new String[count];
    byte[][] payloads = new byte[count][];
    for (int i = 0; i < count; i++) {
      PendingRow row = rows.get(i);
      ids[i] = row.persistenceId();
      sequences[i] = row.sequence();
      writers[i] = row.writer();
      times[i] = row.timeMillis();
      manifests[i] = row.event().manifest();
      payloads[i] = row.payload();
    }
    insert.setArray(1, array("text", ids));
    insert.setArray(2, array("int8", sequences));
    insert.setArray(3, array("text", writers));
    insert.setArray(4, array("int8", times));
    insert.setArray(5, array("text", manifests));
    insert.setArray(6, array("bytea", payloads));
    long[] revisions = new long[count];
    try (ResultSet returned = insert.executeQuery()) {
      for (int i = 0; i < count && returned.next(); i++) {
        revisions[i] = returned.getLong(1);
      }
    }
    return revisions;
  }

  private Array array(String type, Object elements) throws SQLException {
    return connection.unwrap(PGConnection.class).createArrayOf(type, elements);
  }

  private void onFailure(List<PendingRow> rows, SQLException e) {
    if (DUPLICATE_KEY.equals(e.getSQLState())) {
      if (rows.size() == 1) {
        listener.fenced(rows.getFirst().persistenceId());
        rows.getFirst()
            .fail(
                new JournalFailure(
                    JournalFailure.Kind.FENCED, "another writer was first: " + e.getMessage(), e));
      } else {
        // Only the loser may see it: the whole statement was rolled back, so each goes alone.
        rows.forEach(row -> retryAlone(row));
      }
    } else if (isBroken()) {
      LOG.warn("connection to the database lost: {}", e.getMessage());
      disconnect();
      available = false;
      refuse(
          rows,
          new JournalFailure(JournalFailure.Kind.UNKNOWN, "connection lost while committing", e));
    } else {
      LOG.warn("the database refused a write: {}", e.getMessage());
      refuse(rows, unavailable(e.getMessage(), e));
    }
  }

  private void retryAlone(PendingRow row) {
    if (connection == null) {
      row.fail(unavailable("the database is away", null));
    } else {
      commit(List.of(row));
    }
  }

  private boolean isBroken() {
    try {
      return connection == null || connection.isClosed() || !connection.isValid(1);
    } catch (SQLException e) {
      return true;
    }
  }

  private boolean tryConnect() {
    boolean stale = System.nanoTime() - lastUseNanos > IDLE_CHECK_NANOS;
    if (connection != null && !(stale && isBroken())) {
      return true;
    }
    disconnect();
    try {
      connection = database.connect();
      insert = connection.prepareStatement(INSERT);
      try (Statement statement = connection.createStatement()) {
        // Waits for a commit that a lost connection may have left under way.
        statement.execute("SELECT pg_advisory_xact_lock(7766353)");
      }
      lastUseNanos = System.nanoTime();
      listener.reconnected();
      available = true;
      return true;
    } catch (SQLException | RuntimeException e) {
      if (available) {
        LOG.warn("the database is away: {}", e.getMessage());
      }
      available = false;
      disconnect();
      return false;
    }
  }

  private void disconnect() {
    Connection old = connection;
    connection = null;
    insert = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        LOG.debug("closing a broken connection", e);
      }
    }
  }

  private static void refuse(List<PendingRow> rows, JournalFailure failure) {
    rows.stream().filter(row -> !row.done().isDone()).forEach(row -> row.fail(failure));
  }

  private static JournalFailure unavailable(String why, Throwable cause) {
    return new JournalFailure(JournalFailure.Kind.UNAVAILABLE, why, cause);
  }
}
