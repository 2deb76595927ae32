package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.allocation.CapacityRule;
import io.troupe.persistence.store.Ledgers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** An API and a view in memory, with the nodes' own rule about their room. */
public final class FakeCluster implements KubeClient, ClusterView {
  private record Follower(Resource type, Consumer<ObjectChange> onChange) {}

  private final Map<Resource, Map<String, ObjectNode>> objects = new HashMap<>();
  private final Map<String, Map<String, ObjectNode>> room = new HashMap<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final CapacityRule rule = new CapacityRule();
  private long revision;
  private int refusals;

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  private Map<String, ObjectNode> of(Resource type) {
    return objects.computeIfAbsent(type, t -> new TreeMap<>());
  }

  public synchronized ObjectNode put(Resource type, ObjectNode body) {
    ObjectNode stored = body.deepCopy();
    Json.ensure(stored, "metadata").put("resourceVersion", Long.toString(++revision));
    ObjectNode before = of(type).put(key(Meta.namespace(stored), Meta.name(stored)), stored);
    tell(type, before, stored);
    return stored;
  }

  public synchronized void remove(Resource type, String namespace, String name) {
    ObjectNode before = of(type).remove(key(namespace, name));
    if (before != null) {
      if (type.equals(Resources.PODS)) {
        release(before);
      }
      tell(type, before, null);
    }
  }

  private void release(ObjectNode pod) {
    room.getOrDefault(Json.text(pod, "spec", "nodeName"), Map.of()).remove(Meta.uid(pod));
  }

  private void tell(Resource type, ObjectNode before, ObjectNode after) {
    for (Follower follower : followers) {
      if (follower.type().equals(type)) {
        follower.onChange().accept(new ObjectChange(type, before, after));
      }
    }
  }

  /** Bindings that nodes refused. */
  public synchronized int refusals() {
    return refusals;
  }

  @Override
  public synchronized ObjectNode post(
      Resource type, String namespace, String name, String subresource, ObjectNode body) {
    ObjectNode pod = get(type, namespace, name);
    String node = Json.text(body, "target", "name");
    if (!Json.text(pod, "spec", "nodeName").isEmpty()) {
      throw new RefusedException(
          Refusal.conflict(new GroupResource("", "pods/binding"), name, "pod is already assigned"));
    }
    Map<String, ObjectNode> claims = room.computeIfAbsent(node, n -> new HashMap<>());
    ObjectNode wanted = CapacityRule.wanted(pod, false, 0);
    ObjectNode limits = CapacityRule.limits(get(Resources.NODES, "", node));
    switch (rule.admit(claims, Meta.uid(pod), wanted, limits)) {
      case Ledgers.Verdict.Deny(Refusal refusal) -> {
        refusals++;
        throw new RefusedException(refusal);
      }
      case Ledgers.Verdict.Grant(ObjectNode granted) -> claims.put(Meta.uid(pod), granted);
    }
    put(Resources.PODS, Objects.bound(pod, node));
    return Json.object();
  }

  @Override
  public synchronized ObjectNode get(Resource type, String namespace, String name) {
    return find(type, namespace, name)
        .orElseThrow(() -> new RefusedException(Refusal.notFound(type.type(), name)));
  }

  @Override
  public synchronized Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return Optional.ofNullable(of(type).get(key(namespace, name)));
  }

  @Override
  public synchronized List<ObjectNode> list(Resource type, String namespace) {
    return of(type).values().stream()
        .filter(o -> namespace.isEmpty() || Meta.namespace(o).equals(namespace))
        .toList();
  }

  public synchronized List<ObjectNode> list(Resource type, Predicate<ObjectNode> filter) {
    return of(type).values().stream().filter(filter).toList();
  }

  @Override
  public synchronized Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    of(type).values().forEach(o -> onChange.accept(new ObjectChange(type, null, o)));
    Follower follower = new Follower(type, onChange);
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  @Override
  public synchronized ObjectNode create(Resource type, ObjectNode body) {
    return put(type, body);
  }

  /** Merges objects; lists are put together by {@code type}, as conditions are. */
  @Override
  public synchronized ObjectNode patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch) {
    ObjectNode now = get(type, namespace, name).deepCopy();
    merge(now, patch);
    return put(type, now);
  }

  private static void merge(ObjectNode target, JsonNode patch) {
    for (Map.Entry<String, JsonNode> e : patch.properties()) {
      JsonNode value = e.getValue();
      if (value.isNull()) {
        target.remove(e.getKey());
      } else if (value.isObject()) {
        merge(Json.ensure(target, e.getKey()), value);
      } else if (value instanceof ArrayNode added) {
        ArrayNode list = target.withArray(e.getKey());
        for (JsonNode item : added) {
          for (int i = list.size() - 1; i >= 0; i--) {
            if (Json.text(list.get(i), "type").equals(Json.text(item, "type"))) {
              list.remove(i);
            }
          }
          list.add(item);
        }
      } else {
        target.set(e.getKey(), value);
      }
    }
  }

  @Override
  public synchronized void delete(
      Resource type, String namespace, String name, DeleteOptions options) {
    get(type, namespace, name);
    remove(type, namespace, name);
  }

  @Override
  public Page list(Resource type, String namespace, ListOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription watch(
      Resource type,
      String namespace,
      ListOptions options,
      Consumer<WatchEvent> onEvent,
      Runnable onEnd) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ObjectNode update(Resource type, ObjectNode body) {
    return put(type, body);
  }

  @Override
  public ObjectNode update(Resource type, String subresource, ObjectNode body) {
    return put(type, body);
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    throw new UnsupportedOperationException();
  }
}
