package io.troupe.control.controllers.garbage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.ServedResources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Owners;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Deletes what no owner wants any more. */
public final class GarbageCollector implements Controller {
  static final String ORPHAN = "orphan";
  static final String FOREGROUND = "foregroundDeletion";
  private static final Duration UNKNOWN_OWNER_AGAIN = Duration.ofSeconds(30);

  private final ServedResources served;
  private final Dependents dependents = new Dependents();

  public GarbageCollector(ServedResources served) {
    this.served = served;
  }

  @Override
  public String name() {
    return "generic-garbage-collector";
  }

  @Override
  public String component() {
    return "garbage-collector-controller";
  }

  @Override
  public List<Input> inputs() {
    return served.all().get().stream().map(type -> new Input(type, this::touched)).toList();
  }

  @Override
  public List<Output> outputs() {
    return served.all().get().stream().map(type -> new Output(type, "garbage")).toList();
  }

  private static Key key(Resource type, String namespace, String name) {
    return new Key(namespace, type.type() + "|" + name);
  }

  private Set<Key> touched(ObjectChange change, ClusterView view) {
    dependents.take(change);
    Set<Key> keys = new LinkedHashSet<>();
    ObjectNode after = change.after();
    if (after != null && concerns(after)) {
      keys.add(key(change.type(), Meta.namespace(after), Meta.name(after)));
    }
    if (after == null || isWaiting(after)) {
      for (Dependents.Ref ref : dependents.refs(Meta.uid(change.object()))) {
        keys.add(key(ref.type(), ref.namespace(), ref.name()));
      }
    }
    if (change.before() != null) {
      keys.addAll(waitingOwners(change.before(), view));
    }
    return keys;
  }

  private static boolean concerns(ObjectNode object) {
    return !Json.at(object, "metadata", "ownerReferences").isMissingNode()
        || isWaiting(object)
        || isOrphaning(object);
  }

  /** Being deleted in the foreground: its dependents go first. */
  private static boolean isWaiting(JsonNode object) {
    return Meta.isDeleting(object) && Owners.hasFinalizer(object, FOREGROUND);
  }

  private static boolean isOrphaning(JsonNode object) {
    return Meta.isDeleting(object) && Owners.hasFinalizer(object, ORPHAN);
  }

  /** Owners that may have waited for this dependent. */
  private List<Key> waitingOwners(ObjectNode dependent, ClusterView view) {
    List<Key> keys = new ArrayList<>();
    for (JsonNode reference : Json.items(dependent, "metadata", "ownerReferences")) {
      typeOf(reference)
          .ifPresent(
              type -> {
                String namespace = type.namespaced() ? Meta.namespace(dependent) : "";
                String name = Json.text(reference, "name");
                view.find(type, namespace, name)
                    .filter(GarbageCollector::isWaiting)
                    .ifPresent(owner -> keys.add(key(type, namespace, name)));
              });
    }
    return keys;
  }

  private Optional<Resource> typeOf(JsonNode reference) {
    return served.byKind(Json.text(reference, "apiVersion"), Json.text(reference, "kind"));
  }

  @Override
  public Plan reconcile(Round round) {
    String name = round.key().name();
    int bar = name.indexOf('|');
    Optional<Resource> type = served.byType(name.substring(0, bar));
    if (type.isEmpty()) {
      return Plan.NOTHING;
    }
    return round
        .view()
        .find(type.get(), round.key().namespace(), name.substring(bar + 1))
        .map(object -> reconcile(round, type.get(), object))
        .orElse(Plan.NOTHING);
  }

  private Plan reconcile(Round round, Resource type, ObjectNode object) {
    if (isOrphaning(object)) {
      return orphan(round, type, object);
    }
    if (Meta.isDeleting(object)) {
      return isWaiting(object) ? finishForeground(round, type, object) : Plan.NOTHING;
    }
    if (Json.items(object, "metadata", "ownerReferences").isEmpty()) {
      return Plan.NOTHING;
    }
    return judge(round, type, object);
  }

  /** Dependents lose their reference, then the owner its finalizer. */
  private Plan orphan(Round round, Resource type, ObjectNode owner) {
    List<Write> writes = new ArrayList<>();
    List<Write> releases =
        dependents.of(owner, round.view()).stream()
            .map(d -> Owners.release(d.type(), d.object(), owner))
            .toList();
    if (!releases.isEmpty()) {
      writes.add(new Write.Batch(releases));
    }
    writes.add(Owners.removeFinalizer(type, owner, ORPHAN));
    return Plan.of(writes);
  }

  private Plan finishForeground(Round round, Resource type, ObjectNode owner) {
    boolean blocked =
        dependents.of(owner, round.view()).stream()
            .anyMatch(d -> Json.flag(d.reference(), false, "blockOwnerDeletion"));
    return blocked ? Plan.NOTHING : Plan.of(Owners.removeFinalizer(type, owner, FOREGROUND));
  }

  private Plan judge(Round round, Resource type, ObjectNode object) {
    OwnerJudgement judgement = OwnerJudgement.of(served, round.view(), type, object);
    if (judgement.isUndecidable()) {
      return InvalidOwners.report(round, type, object, judgement);
    }
    if (judgement.isUnknown()) {
      return Plan.NOTHING.againAfter(UNKNOWN_OWNER_AGAIN);
    }
    if (!judgement.solid().isEmpty()) {
      return judgement.gone().isEmpty() ? Plan.NOTHING : dropReferences(type, object, judgement);
    }
    List<Write> writes = new ArrayList<>(InvalidOwners.events(round, type, object, judgement));
    writes.addAll(collect(round, type, object, judgement));
    return Plan.of(writes).remembering(writes.size() > 1 ? InvalidOwners.REPORTED : null);
  }

  /** An owner remains; references to those that are gone or wait for this object are removed. */
  private static Plan dropReferences(Resource type, ObjectNode object, OwnerJudgement judgement) {
    ArrayNode solid = Json.array();
    judgement.solid().forEach(solid::add);
    Write patch = Owners.referencesPatch(type, object, solid);
    return Plan.of(guarded(judgement, patch));
  }

  private List<Write> collect(
      Round round, Resource type, ObjectNode object, OwnerJudgement judgement) {
    List<Dependents.Dependent> own = dependents.of(object, round.view());
    if (judgement.waiting().isEmpty() || own.isEmpty()) {
      return List.of(guarded(judgement, delete(type, object, policy(object), true)));
    }
    List<Write> writes = new ArrayList<>();
    boolean mayBeCircle = own.stream().anyMatch(d -> isWaiting(d.object()));
    if (mayBeCircle) {
      ArrayNode unblocked = Json.array();
      for (JsonNode reference : Json.items(object, "metadata", "ownerReferences")) {
        unblocked.add(((ObjectNode) reference.deepCopy()).put("blockOwnerDeletion", false));
      }
      writes.add(Owners.referencesPatch(type, object, unblocked));
    }
    writes.add(guarded(judgement, delete(type, object, "Foreground", !mayBeCircle)));
    return writes;
  }

  private static String policy(ObjectNode object) {
    if (Owners.hasFinalizer(object, ORPHAN)) {
      return "Orphan";
    }
    return Owners.hasFinalizer(object, FOREGROUND) ? "Foreground" : "Background";
  }

  private static Write delete(
      Resource type, ObjectNode object, String policy, boolean ifUnchanged) {
    String revision = ifUnchanged ? Json.text(object, "metadata", "resourceVersion") : "";
    return new Write.Delete(
        type,
        Meta.namespace(object),
        Meta.name(object),
        new DeleteOptions(-1, policy, Meta.uid(object), revision));
  }

  private static Write guarded(OwnerJudgement judgement, Write write) {
    return judgement.guards().isEmpty() ? write : new Write.Guarded(judgement.guards(), write);
  }
}
