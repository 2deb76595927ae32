package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;

/**
 * Keeps {@code metadata.managedFields} for every write that is not an apply: who changed a field
 * owns it, and nobody else does any more.
 */
public final class ManagedFields {
  private ManagedFields() {}

  /**
   * The managed fields of an object after a create, update or patch.
   *
   * @param live the object before; null when it is created
   * @param after the object as it will be stored; its own managedFields, if any, are what the
   *     client sent
   * @return the value for {@code metadata.managedFields}; shared, never to be changed; null for
   *     none
   */
  public static ArrayNode update(ObjectNode live, ObjectNode after, ManagedWrite write) {
    ArrayNode known = live == null ? null : entries(live);
    Source source = source(known, after, write);
    if (source.entries() == null && live != null) {
      return null;
    }
    try {
      JsonNode before = live == null ? Json.object() : live;
      Comparison comparison =
          Comparer.compare(before, after, write.schema()).without(write.reset());
      if (comparison.isSame() && source.trusted()) {
        return known;
      }
      Managers managers = Managers.parse(source.entries(), source.trusted());
      managers.takeFor(write, comparison);
      managers.cap();
      return managers.encode();
    } catch (TypedException | IllegalArgumentException e) {
      // Upstream keeps what it had as well: a write is not refused for its managed fields.
      return known;
    }
  }

  /** Where the entries before the write come from; trusted are those that this server wrote. */
  private record Source(ArrayNode entries, boolean trusted) {}

  /**
   * Clients send back what they read, or nothing when they do not know about it; an empty list (or
   * one empty entry) resets, and only the object itself can be written so.
   */
  private static Source source(ArrayNode known, ObjectNode after, ManagedWrite write) {
    JsonNode given = Json.at(after, "metadata", "managedFields");
    if (!write.subresource().isEmpty() || !given.isArray()) {
      return new Source(known, true);
    }
    if (given.isEmpty() || (given.size() == 1 && given.get(0).isEmpty())) {
      return new Source(null, true);
    }
    boolean unchanged = known != null && JsonEquality.same(known, given);
    return unchanged || !Managers.isValid(given)
        ? new Source(known, true)
        : new Source((ArrayNode) given, false);
  }

  private static ArrayNode entries(ObjectNode object) {
    return Json.at(object, "metadata", "managedFields") instanceof ArrayNode list && !list.isEmpty()
        ? list
        : null;
  }

  /** Whether a client may send this as {@code metadata.managedFields}; absent is fine. */
  public static boolean isValid(JsonNode managedFields) {
    return managedFields == null
        || managedFields.isMissingNode()
        || managedFields.isNull()
        || Managers.isValid(managedFields);
  }

  /**
   * The entries that the object should be stored with: those from before, when nothing but their
   * times differs between the two objects, so that a write without effect makes no new revision.
   */
  public static ArrayNode withoutVainTimes(ObjectNode before, ObjectNode after) {
    ArrayNode old = entries(before);
    ArrayNode now = entries(after);
    if (old == null || now == null || old.size() != now.size() || old.equals(now)) {
      return now;
    }
    for (int i = 0; i < old.size(); i++) {
      if (!sameButTime(old.get(i), now.get(i))) {
        return now;
      }
    }
    return sameBesidesEntries(before, after) ? old : now;
  }

  private static boolean sameButTime(JsonNode left, JsonNode right) {
    return JsonEquality.same(withoutField(left, "time"), withoutField(right, "time"));
  }

  private static boolean sameBesidesEntries(ObjectNode before, ObjectNode after) {
    return JsonEquality.same(withoutField(before, "metadata"), withoutField(after, "metadata"))
        && JsonEquality.same(
            withoutField(before.get("metadata"), "managedFields"),
            withoutField(after.get("metadata"), "managedFields"));
  }

  /** One level copied, the rest shared. */
  static ObjectNode withoutField(JsonNode node, String field) {
    ObjectNode copy = Json.object();
    copy.setAll((ObjectNode) node);
    copy.remove(field);
    return copy;
  }
}
