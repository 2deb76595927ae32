package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.api.patch.JsonMergePatch;
import io.troupe.control.controllers.objects.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * An API server in miniature, as far as controllers notice: revisions, uids, generation, status as
 * a subresource, preconditions, finalizers, propagation, graceful deletion of pods. Time is set by
 * the test.
 */
public final class MiniCluster implements KubeClient {
  private final Map<String, ObjectNode> objects = new TreeMap<>();
  final List<ObjectChange> log = new ArrayList<>();
  final Map<Resource, Integer> lastOf = new java.util.LinkedHashMap<>();
  private final List<String> writes = new ArrayList<>();
  private long revision = 100;
  private int uids;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private BiFunction<Resource, ObjectNode, Optional<Refusal>> admission =
      (type, body) -> Optional.empty();

  /** A change and its place in the log; the change is null at the log's end. */
  record Logged(int position, ObjectChange change) {}

  synchronized Map<Resource, Integer> lasts() {
    return Map.copyOf(lastOf);
  }

  synchronized Logged next(Resource type, int from) {
    int i = from;
    while (i < log.size() && !log.get(i).type().equals(type)) {
      i++;
    }
    return new Logged(i, i < log.size() ? log.get(i) : null);
  }

  public Instant now() {
    return now;
  }

  void setNow(Instant time) {
    now = time;
  }

  /** Decides which creations are refused. */
  public void admit(BiFunction<Resource, ObjectNode, Optional<Refusal>> rule) {
    admission = rule;
  }

  /** What was written since the last call: verb, type and name. */
  public synchronized List<String> takeWrites() {
    List<String> taken = List.copyOf(writes);
    writes.clear();
    return taken;
  }

  public synchronized Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return Optional.ofNullable(objects.get(key(type, namespace, name)));
  }

  public synchronized List<ObjectNode> all(Resource type, String namespace) {
    String prefix = type.type() + "|" + (namespace.isEmpty() ? "" : namespace + "|");
    return objects.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static String key(Resource type, String namespace, String name) {
    return type.key(namespace, name).toString();
  }

  @Override
  public synchronized ObjectNode get(Resource type, String namespace, String name) {
    return find(type, namespace, name)
        .orElseThrow(() -> new RefusedException(Refusal.notFound(type.type(), name)));
  }

  @Override
  public synchronized Page list(Resource type, String namespace, ListOptions options) {
    return new Page(all(type, namespace), Long.toString(revision), "");
  }

  @Override
  public Subscription watch(
      Resource type,
      String namespace,
      ListOptions options,
      Consumer<WatchEvent> onEvent,
      Runnable onEnd) {
    throw new UnsupportedOperationException("the view follows the log");
  }

  @Override
  public synchronized ObjectNode create(Resource type, ObjectNode body) {
    if (type.plural().equals("subjectaccessreviews")) {
      ObjectNode answer = body.deepCopy();
      answer.putObject("status").put("allowed", true);
      return answer;
    }
    admission
        .apply(type, body)
        .ifPresent(
            refusal -> {
              throw new RefusedException(refusal);
            });
    ObjectNode object = Json.parse(body.toString());
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    String name = Meta.name(object);
    String key = key(type, Meta.namespace(object), name);
    if (objects.containsKey(key)) {
      throw new RefusedException(Refusal.alreadyExists(type.type(), name));
    }
    metadata.put("uid", "uid-" + ++uids).put("creationTimestamp", Times.format(now));
    if (!type.equals(Resources.CONFIG_MAPS) && !type.equals(Resources.SECRETS)) {
      metadata.put("generation", 1);
    }
    if (type.equals(Resources.NAMESPACES)) {
      Json.ensure(object, "spec").putArray("finalizers").add("kubernetes");
      Json.ensure(object, "status").put("phase", "Active");
    }
    if (type.equals(Resources.PODS)) {
      Json.ensure(object, "status").put("phase", "Pending");
    }
    return store(type, null, object, "create");
  }

  private ObjectNode store(Resource type, ObjectNode before, ObjectNode after, String verb) {
    String key = key(type, Meta.namespace(after), Meta.name(after));
    ((ObjectNode) after.get("metadata")).put("resourceVersion", Long.toString(++revision));
    ObjectNode stored = Json.parse(after.toString());
    if (isFinished(stored)) {
      objects.remove(key);
      log.add(new ObjectChange(type, before, null));
    } else {
      objects.put(key, stored);
      log.add(new ObjectChange(type, before, stored));
    }
    lastOf.put(type, log.size() - 1);
    if (!type.equals(Resources.EVENTS)) {
      writes.add(verb + " " + type.plural() + "/" + Meta.name(after));
    }
    return stored;
  }

  private static boolean isFinished(ObjectNode object) {
    boolean held =
        !Json.items(object, "metadata", "finalizers").isEmpty()
            || (Json.text(object, "kind").equals("Namespace")
                && !Json.items(object, "spec", "finalizers").isEmpty())
            || object.path("metadata").has("deletionGracePeriodSeconds");
    return Meta.isDeleting(object) && !held;
  }

  @Override
  public synchronized ObjectNode update(Resource type, ObjectNode body) {
    ObjectNode before = get(type, Meta.namespace(body), Meta.name(body));
    requireRevision(type, before, body);
    ObjectNode after = body.deepCopy();
    if (before.has("status")) {
      after.set("status", before.get("status"));
    } else {
      after.remove("status");
    }
    return change(type, before, after, "update");
  }

  private ObjectNode change(Resource type, ObjectNode before, ObjectNode next, String verb) {
    ObjectNode after = Json.parse(next.toString());
    ObjectNode metadata = (ObjectNode) after.get("metadata");
    for (String field :
        List.of(
            "uid",
            "creationTimestamp",
            "resourceVersion",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation")) {
      JsonNode value = before.path("metadata").get(field);
      if (value == null) {
        metadata.remove(field);
      } else {
        metadata.set(field, value);
      }
    }
    if (!JsonEquality.same(before.get("spec"), after.get("spec")) && metadata.has("generation")) {
      metadata.put("generation", Meta.generation(before) + 1);
    }
    return JsonEquality.same(before, after) ? before : store(type, before, after, verb);
  }

  private static void requireRevision(Resource type, ObjectNode before, JsonNode body) {
    long wanted = Meta.revision(body);
    if (wanted != 0 && wanted != Meta.revision(before)) {
      throw new RefusedException(Refusal.staleRevision(type.type(), Meta.name(before)));
    }
  }

  @Override
  public synchronized ObjectNode update(Resource type, String subresource, ObjectNode body) {
    ObjectNode before = get(type, Meta.namespace(body), Meta.name(body));
    requireRevision(type, before, body);
    ObjectNode after = before.deepCopy();
    if (subresource.equals("finalize")) {
      after.set("spec", body.get("spec"));
    } else {
      after.set("status", body.get("status"));
    }
    return change(type, before, after, "update-" + subresource);
  }

  @Override
  public synchronized ObjectNode patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch) {
    ObjectNode before = get(type, namespace, name);
    requireRevision(type, before, patch);
    String uid = Json.text(patch, "metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(Meta.uid(before))) {
      throw new RefusedException(Refusal.conflict(type.type(), name, "the UID does not match"));
    }
    ObjectNode patched = JsonMergePatch.apply(before, patch);
    ObjectNode after = patched;
    if (subresource.equals("status")) {
      after = before.deepCopy();
      after.set("status", patched.get("status"));
    } else if (before.has("status")) {
      after = patched.deepCopy();
      after.set("status", before.get("status"));
    }
    return change(type, before, after, subresource.isEmpty() ? "patch" : "patch-" + subresource);
  }

  @Override
  public ObjectNode post(
      Resource type, String namespace, String name, String subresource, ObjectNode body) {
    throw new RefusedException(Refusal.notSupported(subresource));
  }

  @Override
  public synchronized void delete(
      Resource type, String namespace, String name, DeleteOptions options) {
    ObjectNode before = get(type, namespace, name);
    if (!options.uid().isEmpty() && !options.uid().equals(Meta.uid(before))) {
      throw new RefusedException(Refusal.conflict(type.type(), name, "the UID does not match"));
    }
    if (!options.resourceVersion().isEmpty()
        && Long.parseLong(options.resourceVersion()) != Meta.revision(before)) {
      throw new RefusedException(Refusal.staleRevision(type.type(), name));
    }
    ObjectNode after = before.deepCopy();
    ObjectNode metadata = (ObjectNode) after.get("metadata");
    setPropagation(metadata, options.propagation());
    boolean graceful =
        type.equals(Resources.PODS)
            && options.gracePeriodSeconds() != 0
            && !Json.text(after, "spec", "nodeName").isEmpty();
    if (!Meta.isDeleting(before)) {
      metadata.put("deletionTimestamp", Times.format(now));
      if (type.equals(Resources.NAMESPACES)) {
        Json.ensure(after, "status").put("phase", "Terminating");
      }
    } else if (graceful) {
      return;
    }
    if (graceful) {
      metadata.put("deletionGracePeriodSeconds", 30);
    } else {
      metadata.remove("deletionGracePeriodSeconds");
    }
    if (!JsonEquality.same(before, after) || isFinished(after)) {
      store(type, before, after, "delete");
    }
  }

  private static void setPropagation(ObjectNode metadata, String propagation) {
    ArrayNode finalizers = Json.array();
    Json.items(metadata, "finalizers").stream()
        .filter(f -> !f.asText().equals("orphan") && !f.asText().equals("foregroundDeletion"))
        .forEach(finalizers::add);
    switch (propagation) {
      case "Orphan" -> finalizers.add("orphan");
      case "Foreground" -> finalizers.add("foregroundDeletion");
      case "" -> {
        return;
      }
      default -> {}
    }
    if (finalizers.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      metadata.set("finalizers", finalizers);
    }
  }

  static ObjectKey keyOf(ObjectChange change) {
    return change.type().key(Meta.namespace(change.object()), Meta.name(change.object()));
  }
}
