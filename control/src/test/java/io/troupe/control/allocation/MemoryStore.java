package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.control.kinds.Strategies;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Decision;
import io.troupe.persistence.store.History;
import io.troupe.persistence.store.Ledgers;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import io.troupe.persistence.store.WatchCache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A store without journal or actors, with the real decider. */
final class MemoryStore implements ObjectStore, WatchCache, ClusterView {
  static final Request.User ADMIN = new Request.User("admin", "", List.of(), Map.of(), "");
  private static final AtomicLong UIDS = new AtomicLong();

  final Map<String, CachedObject> objects = new ConcurrentHashMap<>();
  final MemoryLedgers ledgers = new MemoryLedgers();
  private final AtomicLong revisions = new AtomicLong();
  private final Decider decider =
      new AllocatingDecider(new KubernetesDecider(new FactKinds(), Strategies.builtIn()));

  static Request request(String verb, String kind, String subresource) {
    String uid = "uid-" + UIDS.incrementAndGet();
    return new Request(
        verb, "v1", kind, subresource, ADMIN, "test", uid, "test", "Ignore", false, 1_000, uid);
  }

  @Override
  public synchronized CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    CachedObject held = objects.get(key.toString());
    ObjectNode current = held == null ? null : held.tree();
    return CompletableFuture.completedStage(
        switch (decider.decide(key, current, command, this)) {
          case Decision.Store store -> {
            CachedObject after = cached(key, store.after());
            if (!command.request().dryRun()) {
              objects.put(key.toString(), after);
            }
            yield new Outcome.Done(
                command instanceof Command.DeleteObject
                    ? Outcome.Effect.REMOVED
                    : current == null ? Outcome.Effect.CREATED : Outcome.Effect.UPDATED,
                after,
                List.of());
          }
          case Decision.Remove remove -> {
            objects.remove(key.toString());
            yield new Outcome.Done(Outcome.Effect.REMOVED, cached(key, remove.last()), List.of());
          }
          case Decision.Keep keep -> new Outcome.Done(Outcome.Effect.UNCHANGED, held, List.of());
          case Decision.Refuse refuse -> new Outcome.Refused(refuse.refusal());
        });
  }

  private CachedObject cached(ObjectKey key, ObjectNode object) {
    long revision = revisions.incrementAndGet();
    ObjectNode shown = object.deepCopy();
    Json.ensure(shown, "metadata").put("resourceVersion", Long.toString(revision));
    return new CachedObject(key, revision, Json.bytes(shown));
  }

  @Override
  public WatchCache cache() {
    return this;
  }

  @Override
  public CompletionStage<Long> latestRevision() {
    return CompletableFuture.completedStage(revisions.get());
  }

  @Override
  public Ledgers ledgers() {
    return ledgers;
  }

  @Override
  public History history() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long revision() {
    return revisions.get();
  }

  @Override
  public CompletionStage<Long> reached(long revision) {
    return CompletableFuture.completedStage(revisions.get());
  }

  @Override
  public CachedObject find(ObjectKey key) {
    return objects.get(key.toString());
  }

  @Override
  public Snapshot snapshot(GroupResource type, String namespace) {
    return new Snapshot(
        revisions.get(),
        objects.values().stream().filter(o -> o.key().type().equals(type)).toList());
  }

  @Override
  public CompletionStage<Snapshot> snapshotAt(GroupResource type, String namespace, long revision) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription watch(
      GroupResource type,
      String namespace,
      long afterRevision,
      Consumer<List<CachedChange>> onBatch,
      Consumer<Long> onProgress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ClusterView view() {
    return this;
  }

  /** What is stored; and the default namespace with its account. */
  @Override
  public Optional<ObjectNode> find(Resource type, String namespace, String name) {
    if (type.equals(Resources.NAMESPACES) || type.equals(Resources.SERVICE_ACCOUNTS)) {
      ObjectNode object = Json.object();
      object.putObject("metadata").put("name", name).put("namespace", namespace);
      return Optional.of(object);
    }
    return Optional.ofNullable(find(type.key(namespace, name))).map(CachedObject::tree);
  }

  @Override
  public List<ObjectNode> list(Resource type, String namespace) {
    return snapshot(type.type(), namespace).objects().stream().map(CachedObject::tree).toList();
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    return List.of();
  }

  @Override
  public Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    throw new UnsupportedOperationException();
  }

  /** Ledgers as the interface describes them, without journal. */
  static final class MemoryLedgers implements Ledgers {
    private final Map<String, Rule> rules = new ConcurrentHashMap<>();
    private final Map<String, Map<String, ObjectNode>> claims = new ConcurrentHashMap<>();

    @Override
    public void rule(String sort, Rule rule) {
      rules.put(sort, rule);
    }

    @Override
    public synchronized CompletionStage<Verdict> claim(
        String sort, String ledger, String claimId, ObjectNode wanted, ObjectNode limits) {
      Map<String, ObjectNode> held =
          claims.computeIfAbsent(sort + "|" + ledger, k -> new TreeMap<>());
      ObjectNode same = held.get(claimId);
      Verdict verdict =
          same != null
              ? new Verdict.Grant(same)
              : rules.get(sort).admit(held, claimId, wanted, limits);
      if (verdict instanceof Verdict.Grant(ObjectNode granted)) {
        held.put(claimId, granted);
      }
      return CompletableFuture.completedStage(verdict);
    }

    @Override
    public synchronized CompletionStage<Void> release(String sort, String ledger, String claimId) {
      claims.getOrDefault(sort + "|" + ledger, new TreeMap<>()).remove(claimId);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized CompletionStage<Map<String, ObjectNode>> claims(
        String sort, String ledger) {
      return CompletableFuture.completedStage(
          Map.copyOf(claims.getOrDefault(sort + "|" + ledger, Map.of())));
    }

    synchronized int count(String sort) {
      return claims.entrySet().stream()
          .filter(e -> e.getKey().startsWith(sort + "|"))
          .mapToInt(e -> e.getValue().size())
          .sum();
    }
  }
}
