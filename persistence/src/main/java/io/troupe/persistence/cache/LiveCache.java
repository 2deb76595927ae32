package io.troupe.persistence.cache;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.entity.ChangeFormat;
import io.troupe.persistence.journal.JournalReader;
import io.troupe.persistence.journal.JournalReader.RowPair;
import io.troupe.persistence.journal.JournalRow;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.WatchCache;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The watch cache of this JVM. */
public final class LiveCache implements WatchCache, AutoCloseable {
  private static final long REACHED_SECONDS_MAX = 15;

  /**
   * A committed change on its way into the cache; {@code object} is the last form when it was
   * removed, null for a ledger's.
   */
  public record Applied(
      long revision, String persistenceId, long sequence, boolean removed, CachedObject object) {}

  private record Waiter(long revision, CompletableFuture<Long> future) {}

  private final JournalReader reader;
  private final Map<GroupResource, TypeTable> tables = new ConcurrentHashMap<>();
  private final Sequences sequences = new Sequences();
  private final OwnerIndex owners = new OwnerIndex();
  private final CacheView view = new CacheView(this);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>((a, b) -> Long.compare(a.revision(), b.revision()));
  private volatile LongConsumer onBehind = wanted -> {};
  private volatile long revision;
  private long loadedAt;

  public LiveCache(JournalReader reader) {
    this.reader = reader;
  }

  /** Loads the state from the journal; once, before anything else. */
  public synchronized void load() throws SQLException {
    List<CachedObject> objects = new ArrayList<>();
    loadedAt =
        reader.newestOfAll(
            row -> {
              sequences.put(row.persistenceId(), row.sequence());
              if (row.manifest().equals(JournalRow.OBJECT)) {
                objects.add(object(row));
              }
            });
    objects.forEach(
        object -> {
          table(object.key().type()).load(object);
          owners.replace(null, object);
        });
    revision = loadedAt;
  }

  /** Called when somebody waits for a revision that has not come yet. */
  public void onBehind(LongConsumer wake) {
    onBehind = wake;
  }

  /**
   * Applies changes that follow the cache's revision without a gap; the ones that it has already
   * are passed over.
   */
  public synchronized void apply(List<Applied> changes) {
    Map<GroupResource, List<CachedChange>> byType = new HashMap<>();
    Map<ObjectKey, CachedObject> latest = new HashMap<>();
    long last = revision;
    for (Applied change : changes) {
      if (change.revision() <= last) {
        continue;
      }
      last = change.revision();
      sequences.put(change.persistenceId(), change.sequence());
      if (change.object() != null) {
        ObjectKey key = change.object().key();
        CachedObject before = latest.containsKey(key) ? latest.get(key) : find(key);
        CachedObject after = change.removed() ? null : change.object();
        latest.put(key, after);
        if (before != null || after != null) {
          byType
              .computeIfAbsent(key.type(), type -> new ArrayList<>())
              .add(
                  new CachedChange(last, before, after, change.removed() ? change.object() : null));
          owners.replace(before, after);
        }
      }
    }
    byType.forEach((type, list) -> table(type).apply(list));
    if (last > revision) {
      revision = last;
      byType.keySet().forEach(type -> table(type).watches().forEach(CacheWatch::wake));
      while (!waiters.isEmpty() && waiters.peek().revision() <= last) {
        Waiter waiter = waiters.poll();
        executor.execute(() -> waiter.future().complete(revision));
      }
    }
  }

  /** Lets idle watches report how far the cache is. */
  void tick() {
    tables.values().forEach(table -> table.watches().forEach(CacheWatch::wake));
  }

  /** The newest sequence number of a persistence id, 0 when it never was. */
  public long sequence(String persistenceId) {
    return sequences.get(persistenceId);
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public CompletionStage<Long> reached(long wanted) {
    if (revision >= wanted) {
      return CompletableFuture.completedFuture(revision);
    }
    var future = new CompletableFuture<Long>();
    synchronized (this) {
      if (revision >= wanted) {
        return CompletableFuture.completedFuture(revision);
      }
      waiters.add(new Waiter(wanted, future));
    }
    onBehind.accept(wanted);
    return future.orTimeout(REACHED_SECONDS_MAX, TimeUnit.SECONDS);
  }

  @Override
  public CachedObject find(ObjectKey key) {
    TypeTable table = tables.get(key.type());
    return table == null ? null : table.version().objects().get(key);
  }

  @Override
  public Snapshot snapshot(GroupResource type, String namespace) {
    // Read in this order: whatever the cache had applied by then is in the version.
    long complete = revision;
    TypeTable.Version version = table(type).version();
    return new Snapshot(Math.max(complete, version.changedAt()), version.in(namespace));
  }

  @Override
  public CompletionStage<Snapshot> snapshotAt(GroupResource type, String namespace, long wanted) {
    return reached(wanted).thenCompose(now -> past(type, namespace, wanted));
  }

  private CompletionStage<Snapshot> past(GroupResource type, String namespace, long wanted) {
    TypeTable.Version version = table(type).versionAt(wanted);
    if (version != null) {
      return CompletableFuture.completedFuture(new Snapshot(wanted, version.in(namespace)));
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            List<CachedObject> objects = new ArrayList<>();
            reader.newestAt(prefix(type, namespace), wanted).stream()
                .filter(row -> !row.isRemoval())
                .forEach(row -> objects.add(object(row)));
            objects.sort((a, b) -> TypeTable.ORDER.compare(a.key(), b.key()));
            return new Snapshot(wanted, objects);
          } catch (SQLException e) {
            throw new IllegalStateException("cannot read the journal: " + e.getMessage(), e);
          }
        },
        executor);
  }

  @Override
  public Subscription watch(
      GroupResource type,
      String namespace,
      long afterRevision,
      Consumer<List<CachedChange>> onBatch,
      Consumer<Long> onProgress) {
    TypeTable table = table(type);
    var watch =
        new CacheWatch(
            new TypeSource(type, namespace, table),
            namespace,
            afterRevision,
            onBatch,
            onProgress,
            executor,
            table.watches()::remove);
    table.watches().add(watch);
    watch.wake();
    return watch;
  }

  @Override
  public ClusterView view() {
    return view;
  }

  OwnerIndex owners() {
    return owners;
  }

  ExecutorService executor() {
    return executor;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private TypeTable table(GroupResource type) {
    TypeTable table = tables.get(type);
    return table == null ? tables.computeIfAbsent(type, t -> new TypeTable(loadedAt)) : table;
  }

  static CachedObject object(JournalRow row) {
    return new CachedObject(
        ObjectKey.parse(row.persistenceId()),
        row.revision(),
        ChangeFormat.served(row.payload(), row.revision()));
  }

  private static String prefix(GroupResource type, String namespace) {
    return type + "|" + (namespace.isEmpty() ? "" : namespace + "|");
  }

  /** What a watch of one type reads. */
  private final class TypeSource implements CacheWatch.Source {
    private final GroupResource type;
    private final String namespace;
    private final TypeTable table;

    TypeSource(GroupResource type, String namespace, TypeTable table) {
      this.type = type;
      this.namespace = namespace;
      this.table = table;
    }

    @Override
    public long revision() {
      return revision;
    }

    @Override
    public List<CachedChange> recent(long after) {
      return table.changesAfter(after);
    }

    @Override
    public List<CachedChange> past(long after, long upTo, int limit) throws SQLException {
      return reader.changes(prefix(type, namespace), after, upTo, limit).stream()
          .map(TypeSource::change)
          .toList();
    }

    private static CachedChange change(RowPair pair) {
      JournalRow old = pair.before();
      CachedObject before = old == null || old.isRemoval() ? null : object(old);
      CachedObject now = object(pair.row());
      return pair.row().isRemoval()
          ? new CachedChange(pair.row().revision(), before, null, now)
          : new CachedChange(pair.row().revision(), before, now, null);
    }
  }
}
