package io.troupe.persistence.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Resource;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.WatchCache.Snapshot;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The cache as controllers, schedulers and deciders see it. */
final class CacheView implements ClusterView {
  private final LiveCache cache;

  CacheView(LiveCache cache) {
    this.cache = cache;
  }

  @Override
  public Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return Optional.ofNullable(cache.find(type.key(namespace, name))).map(CachedObject::tree);
  }

  @Override
  public List<ObjectNode> list(Resource type, String namespace) {
    return cache.snapshot(type.type(), namespace).objects().stream()
        .map(CachedObject::tree)
        .toList();
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    return cache.owners().ownedBy(ownerUid).stream()
        .filter(key -> key.type().equals(type.type()))
        .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
        .sorted(TypeTable.ORDER)
        .map(cache::find)
        .filter(Objects::nonNull)
        .map(CachedObject::tree)
        .toList();
  }

  @Override
  public Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    Snapshot present = cache.snapshot(type.type(), "");
    present.objects().forEach(o -> onChange.accept(new ObjectChange(type, null, o.tree())));
    return cache.watch(
        type.type(),
        "",
        present.revision(),
        changes -> changes.forEach(change -> onChange.accept(translate(type, change))),
        progress -> {});
  }

  private static ObjectChange translate(Resource type, CachedChange change) {
    CachedObject before = change.after() == null ? change.last() : change.before();
    return new ObjectChange(
        type,
        before == null ? null : before.tree(),
        change.after() == null ? null : change.after().tree());
  }
}
