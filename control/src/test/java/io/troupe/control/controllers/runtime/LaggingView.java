package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Resource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A view of a {@link MiniCluster} that shows a change when the test says so, each type by itself.
 */
public final class LaggingView implements ClusterView {
  private final MiniCluster cluster;
  private final Map<Resource, Integer> positions = new ConcurrentHashMap<>();
  private final Map<Resource, List<Consumer<ObjectChange>>> followers = new ConcurrentHashMap<>();
  private final Map<ObjectKey, ObjectNode> objects =
      new ConcurrentSkipListMap<>((a, b) -> a.toString().compareTo(b.toString()));

  LaggingView(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /** Types with changes that were not shown yet. */
  Set<Resource> behind() {
    Set<Resource> types = new LinkedHashSet<>();
    cluster
        .lasts()
        .forEach(
            (type, last) -> {
              if (last >= positions.getOrDefault(type, 0)) {
                types.add(type);
              }
            });
    return types;
  }

  /** Whether everything up to the places in the log is shown. */
  boolean hasReached(Map<Resource, Integer> lasts) {
    return lasts.entrySet().stream()
        .allMatch(last -> positions.getOrDefault(last.getKey(), 0) > last.getValue());
  }

  /** Shows one change, if there is one. */
  boolean advanceAny() {
    for (Resource type : behind()) {
      advance(type);
      return true;
    }
    return false;
  }

  /** Shows the next change of the type. */
  void advance(Resource type) {
    MiniCluster.Logged next = cluster.next(type, positions.getOrDefault(type, 0));
    positions.put(type, next.position() + 1);
    ObjectChange change = next.change();
    if (change == null) {
      return;
    }
    ObjectKey key = MiniCluster.keyOf(change);
    if (change.after() == null) {
      objects.remove(key);
    } else {
      objects.put(key, change.after());
    }
    followers.getOrDefault(type, List.of()).forEach(follower -> follower.accept(change));
  }

  @Override
  public Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return Optional.ofNullable(objects.get(type.key(namespace, name)));
  }

  @Override
  public List<ObjectNode> list(Resource type, String namespace) {
    return objects.entrySet().stream()
        .filter(e -> e.getKey().type().equals(type.type()))
        .filter(e -> namespace.isEmpty() || e.getKey().namespace().equals(namespace))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    return list(type, namespace).stream()
        .filter(
            object ->
                Json.items(object, "metadata", "ownerReferences").stream()
                    .anyMatch(ref -> Json.text(ref, "uid").equals(ownerUid)))
        .toList();
  }

  @Override
  public Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    followers.computeIfAbsent(type, t -> new CopyOnWriteArrayList<>()).add(onChange);
    list(type, "").forEach(object -> onChange.accept(new ObjectChange(type, null, object)));
    return () -> followers.get(type).remove(onChange);
  }

  @Override
  public String toString() {
    return objects.values().stream().map(Meta::name).toList().toString();
  }
}
