package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient.WatchEvent;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one type. Readers never wait; changes are made and told to followers one at a
 * time, in the order of the watch.
 */
final class TypeCache {
  private static final Logger LOG = LoggerFactory.getLogger(TypeCache.class);

  private final Resource type;
  private final ReentrantLock order = new ReentrantLock();

  /** By {@code namespace/name}. */
  private final ConcurrentSkipListMap<String, ObjectNode> objects = new ConcurrentSkipListMap<>();

  private final Map<String, Set<String>> keysByOwner = new ConcurrentHashMap<>();
  private final List<Consumer<ObjectChange>> followers = new CopyOnWriteArrayList<>();
  private final CountDownLatch filled = new CountDownLatch(1);

  TypeCache(Resource type) {
    this.type = type;
  }

  /** Waits until the objects that were present at the start are known. */
  void awaitFilled() throws InterruptedException {
    filled.await();
  }

  boolean isFilled() {
    return filled.getCount() == 0;
  }

  Optional<ObjectNode> find(String namespace, String name) {
    return Optional.ofNullable(objects.get(key(namespace, name)));
  }

  List<ObjectNode> list(String namespace) {
    // '0' follows '/', so this is every key of the namespace.
    return List.copyOf(
        namespace.isEmpty() || !type.namespaced()
            ? objects.values()
            : objects.subMap(namespace + "/", namespace + "0").values());
  }

  List<ObjectNode> ownedBy(String namespace, String ownerUid) {
    return keysByOwner.getOrDefault(ownerUid, Set.of()).stream()
        .map(objects::get)
        .filter(Objects::nonNull)
        .filter(object -> namespace.isEmpty() || Meta.namespace(object).equals(namespace))
        .toList();
  }

  Subscription follow(Consumer<ObjectChange> onChange) {
    order.lock();
    try {
      objects.values().forEach(object -> tell(onChange, new ObjectChange(type, null, object)));
      followers.add(onChange);
      return () -> followers.remove(onChange);
    } finally {
      order.unlock();
    }
  }

  /** Takes over a whole list: what is not in it was deleted meanwhile. */
  void replace(List<ObjectNode> all) {
    order.lock();
    try {
      Set<String> gone = new HashSet<>(objects.keySet());
      for (ObjectNode object : all) {
        gone.remove(key(object));
        put(object);
      }
      gone.forEach(this::remove);
      filled.countDown();
    } finally {
      order.unlock();
    }
  }

  /** Applies an added, changed or deleted object. */
  void apply(WatchEvent event) {
    order.lock();
    try {
      if (event.type().equals("DELETED")) {
        remove(key(event.object()));
      } else {
        put(event.object());
      }
    } finally {
      order.unlock();
    }
  }

  private void put(ObjectNode object) {
    String key = key(object);
    ObjectNode before = objects.put(key, object);
    if (before != null && sameRevision(before, object)) {
      return;
    }
    if (before != null) {
      ownersOf(before).forEach(uid -> forget(uid, key));
    }
    ownersOf(object)
        .forEach(
            uid -> keysByOwner.computeIfAbsent(uid, u -> ConcurrentHashMap.newKeySet()).add(key));
    tellAll(new ObjectChange(type, before, object));
  }

  private void remove(String key) {
    ObjectNode before = objects.remove(key);
    if (before != null) {
      ownersOf(before).forEach(uid -> forget(uid, key));
      tellAll(new ObjectChange(type, before, null));
    }
  }

  private void forget(String ownerUid, String key) {
    keysByOwner.computeIfPresent(
        ownerUid,
        (uid, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }

  private static boolean sameRevision(JsonNode left, JsonNode right) {
    String revision = Json.text(left, "metadata", "resourceVersion");
    return !revision.isEmpty() && revision.equals(Json.text(right, "metadata", "resourceVersion"));
  }

  private static List<String> ownersOf(JsonNode object) {
    List<String> uids = new ArrayList<>();
    Json.items(object, "metadata", "ownerReferences").forEach(o -> uids.add(Json.text(o, "uid")));
    return uids;
  }

  private void tellAll(ObjectChange change) {
    followers.forEach(follower -> tell(follower, change));
  }

  private static void tell(Consumer<ObjectChange> follower, ObjectChange change) {
    try {
      follower.accept(change);
    } catch (RuntimeException e) {
      LOG.error("a follower of {} failed; the others go on", change.type().type(), e);
    }
  }

  private String key(JsonNode object) {
    return key(Meta.namespace(object), Meta.name(object));
  }

  private String key(String namespace, String name) {
    return type.namespaced() ? namespace + "/" + name : name;
  }
}
