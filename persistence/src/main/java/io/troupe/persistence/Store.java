package io.troupe.persistence;

import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.cache.JournalFollower;
import io.troupe.persistence.cache.LatestRevision;
import io.troupe.persistence.cache.LiveCache;
import io.troupe.persistence.cache.LiveCache.Applied;
import io.troupe.persistence.entity.ObjectChanged;
import io.troupe.persistence.entity.Objects;
import io.troupe.persistence.history.Housekeeping;
import io.troupe.persistence.history.JournalHistory;
import io.troupe.persistence.journal.Journal;
import io.troupe.persistence.journal.JournalArchive;
import io.troupe.persistence.journal.JournalReader;
import io.troupe.persistence.journal.JournalRow;
import io.troupe.persistence.journal.JournalWriter;
import io.troupe.persistence.journal.JournalWriter.Committed;
import io.troupe.persistence.journal.PendingRow;
import io.troupe.persistence.ledger.LedgerChanged;
import io.troupe.persistence.ledger.ShardedLedgers;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.History;
import io.troupe.persistence.store.Ledgers;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.WatchCache;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** The store of one control JVM: the parts, wired. */
public final class Store implements ObjectStore, AutoCloseable {
  private static final Duration POLL_ALONE = Duration.ofSeconds(5);
  private static final Duration POLL_SHARED = Duration.ofSeconds(1);

  private final boolean soleWriter;
  private final JournalReader reader;
  private final LiveCache cache;
  private final JournalFollower follower;
  private final JournalWriter writer;
  private final LatestRevision latest;
  private final Peers peers;
  private final Objects objects;
  private final Ledgers ledgers;
  private final History history;
  private final Housekeeping housekeeping;

  private Store(ActorSystem<?> system, StoreSettings settings, Decider decider)
      throws SQLException {
    soleWriter = settings.soleWriter();
    reader = new JournalReader(settings.database(), settings.readConnectionsMax());
    cache = new LiveCache(reader);
    follower = new JournalFollower(cache, reader, soleWriter ? POLL_ALONE : POLL_SHARED);
    latest = new LatestRevision(reader);
    cache.load();
    follower.start();
    peers = soleWriter ? Peers.NONE : Peers.of(system, follower);
    writer = new JournalWriter(settings.database(), new Feed());
    Journal.of(system)
        .use(
            new Journal.Parts(
                writer, reader, Store::event, soleWriter ? this::recall : Journal.Memory.NONE));
    objects =
        new Objects(system, decider, cache.view(), writer::isAvailable, settings.inFlightMax());
    ledgers = new ShardedLedgers(system);
    var archive = new JournalArchive(reader);
    history = new JournalHistory(archive, Thread::startVirtualThread);
    housekeeping = new Housekeeping(archive, settings.retention(), Clock.systemUTC());
  }

  /**
   * Opens the store: brings the schema up to date, loads the cache and joins the cluster. The first
   * write waits until the member is up.
   *
   * @param system created with {@link MemberSettings#config()}
   * @throws SQLException when the database cannot be reached or refuses
   */
  public static Store open(ActorSystem<?> system, StoreSettings settings, Decider decider)
      throws SQLException {
    join(system);
    settings.database().migrate();
    return new Store(system, settings, decider);
  }

  private static void join(ActorSystem<?> system) {
    if (system.settings().config().getStringList("pekko.cluster.seed-nodes").isEmpty()) {
      Cluster cluster = Cluster.get(system);
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
  }

  @Override
  public CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    return objects.submit(key, command);
  }

  @Override
  public WatchCache cache() {
    return cache;
  }

  @Override
  public CompletionStage<Long> latestRevision() {
    if (soleWriter) {
      return CompletableFuture.completedFuture(Math.max(writer.lastRevision(), cache.revision()));
    }
    return latest.get();
  }

  @Override
  public Ledgers ledgers() {
    return ledgers;
  }

  @Override
  public History history() {
    return history;
  }

  /** Whether writes can be tried. */
  public boolean isWritable() {
    return writer.isAvailable();
  }

  /** Closes after the actor system has ended, so that nothing is written any more. */
  @Override
  public void close() {
    housekeeping.close();
    writer.close();
    follower.close();
    latest.close();
    cache.close();
    reader.close();
  }

  /** Hands on what the writer commits, before its actors learn of it. */
  private final class Feed implements JournalWriter.Listener {
    @Override
    public void committed(Committed group) {
      List<Applied> changes = new ArrayList<>(group.rows().size());
      for (int i = 0; i < group.rows().size(); i++) {
        changes.add(applied(group.rows().get(i), group.revisions()[i]));
      }
      follower.offer(group.first(), changes);
      peers.committed(group.first(), group.last(), changes);
    }

    private static Applied applied(PendingRow row, long revision) {
      return row.event() instanceof ObjectChanged changed
          ? new Applied(
              revision, row.persistenceId(), row.sequence(), changed.isRemoved(), changed.object())
          : new Applied(revision, row.persistenceId(), row.sequence(), false, null);
    }

    /** A database that comes back must have everything that was seen here. */
    @Override
    public void reconnected() {
      try {
        long seen = cache.revision();
        if (reader.latest() < seen) {
          throw new IllegalStateException(
              "the database has lost revision "
                  + seen
                  + "; it is not the one that was here before");
        }
        follower.catchUp();
      } catch (SQLException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }

    @Override
    public void fenced(String persistenceId) {
      follower.wake();
    }
  }

  /** What the cache knows of an entity, while it is certain to know everything. */
  private Journal.Known recall(String persistenceId) {
    if (!writer.isAvailable() || cache.revision() < writer.lastRevision()) {
      return null;
    }
    long sequence = cache.sequence(persistenceId);
    if (sequence == 0) {
      return Journal.Known.NEW;
    }
    if (persistenceId.startsWith("ledger|")) {
      return null;
    }
    ObjectKey key = ObjectKey.parse(persistenceId);
    CachedObject object = cache.find(key);
    return new Journal.Known(
        sequence,
        object == null
            ? ObjectChanged.committed(true, new CachedObject(key, 0, new byte[0]))
            : ObjectChanged.committed(false, object));
  }

  private static Object event(JournalRow row) {
    return switch (row.manifest()) {
      case JournalRow.OBJECT, JournalRow.REMOVED -> ObjectChanged.of(row);
      default -> LedgerChanged.of(row);
    };
  }
}
