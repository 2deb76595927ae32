package io.troupe.node.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** An API in memory: enough of it for a kubelet. Deleting a pod with grace only marks it. */
public final class FakeCluster implements KubeClient, ClusterView {
  private record Follower(Resource type, Consumer<ObjectChange> onChange) {}

  private final Map<ObjectKey, ObjectNode> objects = new LinkedHashMap<>();
  private final List<Follower> followers = new ArrayList<>();
  private long revision;

  private static RefusedException notFound(Resource type, String name) {
    return new RefusedException(Refusal.notFound(type.type(), name));
  }

  @Override
  public synchronized ObjectNode get(Resource type, String namespace, String name) {
    return find(type, namespace, name).orElseThrow(() -> notFound(type, name));
  }

  @Override
  public synchronized Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return Optional.ofNullable(objects.get(type.key(namespace, name)));
  }

  @Override
  public synchronized List<ObjectNode> list(Resource type, String namespace) {
    return objects.entrySet().stream()
        .filter(e -> e.getKey().type().equals(type.type()))
        .filter(e -> namespace.isEmpty() || e.getKey().namespace().equals(namespace))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    list(type, "").forEach(o -> onChange.accept(new ObjectChange(type, null, o)));
    Follower follower = new Follower(type, onChange);
    followers.add(follower);
    return () -> {
      synchronized (this) {
        followers.remove(follower);
      }
    };
  }

  @Override
  public Page list(Resource type, String namespace, ListOptions options) {
    return new Page(list(type, namespace), Long.toString(revision), "");
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

  private ObjectNode put(Resource type, ObjectNode object) {
    ObjectKey key = type.key(Meta.namespace(object), Meta.name(object));
    ObjectNode before = objects.get(key);
    Json.ensure(object, "metadata").put("resourceVersion", Long.toString(++revision));
    objects.put(key, object);
    tell(new ObjectChange(type, before, object));
    return object;
  }

  private void tell(ObjectChange change) {
    followers.stream()
        .filter(f -> f.type().equals(change.type()))
        .forEach(f -> f.onChange().accept(change));
  }

  @Override
  public synchronized ObjectNode create(Resource type, ObjectNode body) {
    if (find(type, Meta.namespace(body), Meta.name(body)).isPresent()) {
      throw new RefusedException(Refusal.alreadyExists(type.type(), Meta.name(body)));
    }
    ObjectNode object = body.deepCopy();
    ObjectNode metadata = Json.ensure(object, "metadata");
    if (!metadata.has("uid")) {
      metadata.put("uid", UUID.randomUUID().toString());
    }
    metadata.put("generation", 1);
    return put(type, object);
  }

  @Override
  public synchronized ObjectNode update(Resource type, ObjectNode body) {
    return put(type, body.deepCopy());
  }

  @Override
  public ObjectNode update(Resource type, String subresource, ObjectNode body) {
    return update(type, body);
  }

  @Override
  public synchronized ObjectNode patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch) {
    ObjectNode object = get(type, namespace, name).deepCopy();
    String uid = Json.text(patch, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(Meta.uid(object))) {
      throw new RefusedException(Refusal.conflict(type.type(), name, "uid"));
    }
    merge(object, (ObjectNode) patch);
    return put(type, object);
  }

  private static final Map<String, String> KEYS =
      Map.of("conditions", "type", "podIPs", "ip", "hostIPs", "ip");

  private static void merge(ObjectNode into, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (value.isNull()) {
                into.remove(name);
              } else if (value.isObject() && into.get(name) instanceof ObjectNode inner) {
                merge(inner, (ObjectNode) value);
              } else if (KEYS.containsKey(name) && into.get(name) instanceof ArrayNode list) {
                mergeList(list, (ArrayNode) value, KEYS.get(name));
              } else {
                into.set(name, value.deepCopy());
              }
            });
  }

  private static void mergeList(ArrayNode list, ArrayNode patch, String key) {
    for (JsonNode entry : patch) {
      for (int i = list.size() - 1; i >= 0; i--) {
        if (list.get(i).path(key).equals(entry.path(key))) {
          list.remove(i);
        }
      }
      if (!entry.has("$patch")) {
        list.add(entry.deepCopy());
      }
    }
  }

  @Override
  public synchronized ObjectNode post(
      Resource type, String namespace, String name, String subresource, ObjectNode body) {
    if (!subresource.equals("token")) {
      throw new UnsupportedOperationException(subresource);
    }
    ObjectNode answer = body.deepCopy();
    answer
        .putObject("status")
        .put("token", "token-of-" + name + "-" + ++revision)
        .put("expirationTimestamp", Instant.now().plusSeconds(3600).toString());
    return answer;
  }

  @Override
  public synchronized void delete(
      Resource type, String namespace, String name, DeleteOptions options) {
    ObjectNode object = get(type, namespace, name);
    if (!options.uid().isEmpty() && !options.uid().equals(Meta.uid(object))) {
      throw new RefusedException(Refusal.conflict(type.type(), name, "uid"));
    }
    if (type.plural().equals("pods") && options.gracePeriodSeconds() != 0) {
      ObjectNode marked = object.deepCopy();
      long grace =
          options.gracePeriodSeconds() > 0
              ? options.gracePeriodSeconds()
              : Json.number(object, 30, "spec", "terminationGracePeriodSeconds");
      Json.ensure(marked, "metadata")
          .put(
              "deletionTimestamp",
              Instant.now().plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS).toString())
          .put("deletionGracePeriodSeconds", grace);
      put(type, marked);
      return;
    }
    objects.remove(type.key(namespace, name));
    revision++;
    tell(new ObjectChange(type, object, null));
  }

  /** Messages of events about an object, in order. */
  public synchronized List<String> events(String objectName) {
    return objects.values().stream()
        .filter(o -> Json.text(o, "involvedObject", "name").equals(objectName))
        .map(o -> Json.text(o, "reason") + ": " + Json.text(o, "message"))
        .toList();
  }
}
