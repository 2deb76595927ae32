package io.troupe.persistence.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.entity.ChangeFormat;
import io.troupe.persistence.journal.JournalArchive;
import io.troupe.persistence.journal.JournalReader.RowPair;
import io.troupe.persistence.journal.JournalRow;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.History;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** History from the journal. {@link #objectAt} does not block; the others do. */
public final class JournalHistory implements History {
  private final JournalArchive archive;
  private final Executor executor;

  public JournalHistory(JournalArchive archive, Executor executor) {
    this.archive = archive;
    this.executor = executor;
  }

  @Override
  public void entries(Query query, Consumer<Entry> onEntry) {
    var filter =
        new JournalArchive.Filter(
            query.type() == null ? null : query.type().toString(),
            query.namespace(),
            query.name(),
            query.user(),
            query.sinceMillis(),
            query.afterRevision(),
            query.limit());
    try {
      archive.changes(filter, pair -> onEntry.accept(entry(pair)));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static Entry entry(RowPair pair) {
    JournalRow row = pair.row();
    JournalRow before = pair.before();
    ObjectNode fact = ChangeFormat.fact(row.payload());
    return new Entry(
        row.revision(),
        ObjectKey.parse(row.persistenceId()),
        row.sequence(),
        Json.text(fact, "verb"),
        Json.text(fact, "subresource"),
        Json.text(fact, "user"),
        Json.text(fact, "userAgent"),
        Json.text(fact, "fieldManager"),
        Json.text(fact, "requestId"),
        Json.number(fact, row.timeMillis(), "time"),
        before == null || before.isRemoval() ? null : json(before),
        row.isRemoval() ? null : json(row));
  }

  private static byte[] json(JournalRow row) {
    return ChangeFormat.served(row.payload(), row.revision());
  }

  @Override
  public CompletionStage<Optional<CachedObject>> objectAt(ObjectKey key, long revision) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return archive
                .newestAt(key.toString(), revision)
                .filter(row -> !row.isRemoval())
                .map(row -> new CachedObject(key, row.revision(), json(row)));
          } catch (SQLException e) {
            throw failure(e);
          }
        },
        executor);
  }

  @Override
  public long revisionAt(long timeMillis) {
    try {
      return archive.revisionAt(timeMillis);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public Optional<String> verify() {
    try {
      return archive.verify();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static IllegalStateException failure(SQLException e) {
    return new IllegalStateException("cannot read the journal: " + e.getMessage(), e);
  }
}
