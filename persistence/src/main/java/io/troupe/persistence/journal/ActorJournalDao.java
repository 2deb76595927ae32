package io.troupe.persistence.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalDao;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.scaladsl.Source;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * The plugin's data access object over {@link JournalWriter} and {@link JournalReader}.
 *
 * <p>Since an object's event is a full image, replay is its newest row alone; it is fetched with
 * the question for the highest sequence number and handed over when the replay asks. Ledgers
 * ({@code ledger|…}) replay from their newest image on.
 */
public final class ActorJournalDao implements JournalDao {
  static final String LEDGER_PREFIX = "ledger|";
  static final String LEDGER_IMAGE = "ledger-image";
  private static final Seq<Try<BoxedUnit>> ALL_WRITTEN =
      CollectionConverters.asScala(List.<Try<BoxedUnit>>of()).toSeq();

  private final Journal.Parts parts;
  private final Recoveries recoveries;
  private final Map<String, Object> fetched = new ConcurrentHashMap<>();

  /** Called by the plugin, by reflection; it wants exactly these. */
  @SuppressWarnings("UnusedVariable") // the plugin's signature
  public ActorJournalDao(
      JdbcDatabaseDef unusedDatabase,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    parts = Journal.of(materializer.system()).parts();
    recoveries = new Recoveries(parts.reader());
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    List<CompletableFuture<Long>> written = new ArrayList<>(1);
    for (AtomicWrite write : CollectionConverters.asJava(messages)) {
      for (PersistentRepr message : CollectionConverters.asJava(write.payload())) {
        var row =
            PendingRow.of(
                message.persistenceId(),
                message.sequenceNr(),
                message.writerUuid(),
                message.timestamp(),
                (JournalEvent) message.payload());
        parts.writer().write(row);
        written.add(row.done());
      }
    }
    CompletableFuture<?> all =
        written.size() == 1
            ? written.getFirst()
            : CompletableFuture.allOf(written.toArray(CompletableFuture[]::new));
    return FutureConverters.asScala(all.thenApply(done -> ALL_WRITTEN));
  }

  @Override
  public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
    Journal.Known known = parts.memory().recall(persistenceId);
    if (known != null) {
      if (known.event() != null) {
        fetched.put(persistenceId, representation(persistenceId, known.sequence(), known.event()));
      }
      return Future.successful(known.sequence());
    }
    return FutureConverters.asScala(
        recoveries.newest(persistenceId).thenApply(found -> keep(persistenceId, found)));
  }

  private Object keep(String persistenceId, Optional<JournalRow> found) {
    found.ifPresent(row -> fetched.put(persistenceId, representation(row)));
    return found.map(JournalRow::sequence).orElse(0L);
  }

  /** The events to replay; blocks for a ledger. */
  List<PersistentRepr> replay(String persistenceId) throws SQLException {
    Object newest = fetched.remove(persistenceId);
    if (persistenceId.startsWith(LEDGER_PREFIX)) {
      return parts.reader().since(persistenceId, LEDGER_IMAGE).stream()
          .map(this::representation)
          .toList();
    }
    return newest == null ? List.of() : List.of((PersistentRepr) newest);
  }

  @Override
  public Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> messages(
      String persistenceId, long fromSequenceNr, long toSequenceNr, long max) {
    throw new UnsupportedOperationException("ActorJournal replays without streams");
  }

  @Override
  public Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> messagesWithBatch(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      int batchSize,
      Option<Tuple2<FiniteDuration, Scheduler>> refreshInterval) {
    throw new UnsupportedOperationException("ActorJournal replays without streams");
  }

  @Override
  public Future<BoxedUnit> delete(String persistenceId, long toSequenceNr) {
    return FutureConverters.asScala(
        CompletableFuture.failedFuture(
            new UnsupportedOperationException("the journal keeps everything")));
  }

  private PersistentRepr representation(JournalRow row) {
    return representation(row.persistenceId(), row.sequence(), parts.decoder().apply(row));
  }

  private static PersistentRepr representation(String id, long sequence, Object event) {
    return PersistentRepr.apply(event, sequence, id, "", false, null, "");
  }
}
