package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.List;

/**
 * Server-side apply: merges an applied configuration into the live object, removes what its manager
 * gave up, and refuses to change what others own unless forced.
 */
public final class ServerSideApply {
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";

  private ServerSideApply() {}

  /**
   * Applies.
   *
   * @param live null when the object does not exist
   * @param config what is applied, as the client sent it
   * @return the merged object with its managedFields, before defaults and validation; a tree of the
   *     caller's own
   * @throws RefusedException 409 with a cause for each field in conflict; 400 for a configuration
   *     that is none; 500 for one that does not fit the schema, as upstream answers
   */
  public static ObjectNode apply(
      ObjectNode live, ObjectNode config, ManagedWrite write, boolean force) {
    checkHeader(config, write);
    Managers managers = managersBefore(live, write);
    checkTypes(config, write);
    ObjectNode before = live == null ? Json.object() : live;
    try {
      return applied(before, config, write, managers, force);
    } catch (TypedException e) {
      throw failed("failed to compare objects: " + e.getMessage());
    }
  }

  private static void checkHeader(ObjectNode config, ManagedWrite write) {
    String apiVersion = Json.text(config, "apiVersion");
    String kind = Json.text(config, "kind");
    if (!apiVersion.equals(write.apiVersion()) || !kind.equals(write.kind())) {
      throw refused("invalid object type: " + groupVersionKind(apiVersion, kind));
    }
    JsonNode entries = Json.at(config, "metadata", "managedFields");
    if (!entries.isMissingNode() && !entries.isNull()) {
      throw refused("metadata.managedFields must be nil");
    }
  }

  private static Managers managersBefore(ObjectNode live, ManagedWrite write) {
    if (live == null) {
      return Managers.none();
    }
    JsonNode list = Json.at(live, "metadata", "managedFields");
    Managers managers = Managers.parse(list.isArray() ? list : null, true);
    if (managers.isEmpty()) {
      ManagedWrite earlier = write.by(BEFORE_FIRST_APPLY);
      Comparison all = Comparer.compare(Json.object(), live, write.schema());
      managers.takeFor(earlier, all.without(write.reset()));
    }
    return managers;
  }

  private static void checkTypes(ObjectNode config, ManagedWrite write) {
    try {
      TypedCheck.check(config, write.schema());
    } catch (TypedException e) {
      String object = Meta.namespace(config) + "/" + Meta.name(config);
      throw failed(
          "failed to create typed patch object ("
              + object
              + "; "
              + groupVersionKind(write.apiVersion(), write.kind())
              + "): "
              + e.getMessage());
    }
  }

  private static ObjectNode applied(
      ObjectNode before, ObjectNode config, ManagedWrite write, Managers managers, boolean force) {
    ManagedEntry last = managers.get(write.applyId());
    FieldSet applied = FieldExtraction.of(config, write.schema()).without(write.reset());
    FieldSet owned = applied;
    for (ManagedEntry entry : managers.all()) {
      owned = entry.id().equals(write.applyId()) ? owned : owned.union(entry.fields());
    }
    ObjectNode merged = (ObjectNode) TypedMerge.merge(before, config, write.schema());
    FieldSet lastFields = last == null ? FieldSet.EMPTY : last.fields();
    ObjectNode after = Pruning.prune(merged, lastFields, owned, write.schema());
    Comparison comparison = Comparer.compare(before, after, write.schema()).without(write.reset());
    if (!force) {
      checkConflicts(before, write, managers, comparison);
    }
    managers.release(write.applyId(), comparison.changed(), comparison.removed());
    boolean changes = !JsonEquality.same(before, after);
    String time = changes ? write.time() : last == null ? "" : last.time();
    managers.put(
        new ManagedEntry(
            write.applyId(), write.apiVersion(), time, applied.difference(Unowned.FIELDS)));
    return finished(after, config, write, managers.encode());
  }

  private static void checkConflicts(
      ObjectNode live, ManagedWrite write, Managers managers, Comparison comparison) {
    ApplyConflicts conflicts = ApplyConflicts.of(managers, write.applyId(), comparison.changed());
    if (!conflicts.isEmpty() && write.manager().equals(LastApplied.KUBECTL)) {
      conflicts = conflicts.outside(LastApplied.fields(live, write));
    }
    if (!conflicts.isEmpty()) {
      throw new RefusedException(conflicts.refusal());
    }
  }

  private static ObjectNode finished(
      ObjectNode after, ObjectNode config, ManagedWrite write, ArrayNode entries) {
    ObjectNode result = after.deepCopy();
    dropNulls(result, write.schema());
    if (write.manager().equals(LastApplied.KUBECTL)) {
      LastApplied.keep(result, config);
    }
    ObjectNode metadata = Json.ensure(result, "metadata");
    metadata.remove("managedFields");
    if (entries != null) {
      metadata.set("managedFields", entries);
    }
    return result;
  }

  /** Null is no value, except where the schema says so or says nothing. */
  private static void dropNulls(JsonNode own, Schema schema) {
    if (own instanceof ObjectNode object) {
      object
          .properties()
          .removeIf(field -> isNoValue(field.getValue(), Shape.child(schema, field.getKey())));
      object
          .properties()
          .forEach(field -> dropNulls(field.getValue(), Shape.child(schema, field.getKey())));
    } else if (own.isArray() && schema != null) {
      own.forEach(item -> dropNulls(item, schema.element()));
    }
  }

  private static boolean isNoValue(JsonNode value, Schema schema) {
    return value.isNull() && schema != null && !schema.nullable();
  }

  private static String groupVersionKind(String apiVersion, String kind) {
    String version = apiVersion.contains("/") ? apiVersion : "/" + apiVersion;
    return version + ", Kind=" + kind;
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }

  private static RefusedException failed(String message) {
    return new RefusedException(new Refusal(500, "", message, "", "", "", List.of(), 0));
  }
}
