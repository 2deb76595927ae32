package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The managers of one object while a write is accounted for. */
final class Managers {
  /** More managers of updates are merged, the oldest first. */
  static final int UPDATE_MANAGERS_MAX = 10;

  private static final String OLD_UPDATES = "ancient-changes";

  private final Map<ManagerId, ManagedEntry> entries;

  private Managers(Map<ManagerId, ManagedEntry> entries) {
    this.entries = entries;
  }

  static Managers none() {
    return new Managers(new LinkedHashMap<>());
  }

  /**
   * Reads {@code managedFields}; null is nobody.
   *
   * @throws IllegalArgumentException when an entry is not valid
   */
  static Managers parse(JsonNode list, boolean trusted) {
    Map<ManagerId, ManagedEntry> entries = new LinkedHashMap<>();
    if (list != null) {
      for (JsonNode node : list) {
        ManagedEntry entry = ManagedEntry.parse(node, trusted);
        entries.put(entry.id(), entry);
      }
    }
    return new Managers(entries);
  }

  static boolean isValid(JsonNode list) {
    try {
      parse(list, false);
      return true;
    } catch (IllegalArgumentException | TypedException e) {
      return false;
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  ManagedEntry get(ManagerId id) {
    return entries.get(id);
  }

  void put(ManagedEntry entry) {
    if (entry.fields().isEmpty()) {
      entries.remove(entry.id());
    } else {
      entries.put(entry.id(), entry);
    }
  }

  Collection<ManagedEntry> all() {
    return entries.values();
  }

  /** The writer of an update gets what it changed; everybody loses that and what it removed. */
  void takeFor(ManagedWrite write, Comparison comparison) {
    FieldSet changed = comparison.changed();
    ManagerId own = write.updateId();
    ManagedEntry before = entries.get(own);
    release(own, changed, comparison.removed());
    FieldSet kept =
        before == null ? FieldSet.EMPTY : before.fields().difference(comparison.removed());
    boolean writes = !changed.isEmpty();
    if (writes || before != null) {
      String time = writes ? write.time() : before.time();
      put(new ManagedEntry(own, write.apiVersion(), time, kept.union(changed)));
    }
  }

  /** Takes fields from all managers but one. */
  void release(ManagerId but, FieldSet changed, FieldSet removed) {
    for (ManagedEntry entry : List.copyOf(entries.values())) {
      if (!entry.id().equals(but)) {
        put(entry.with(entry.fields().difference(changed).difference(removed)));
      }
    }
  }

  /** Merges the oldest updates of a version into one entry while there are too many of them. */
  void cap() {
    List<ManagedEntry> updates = new ArrayList<>();
    for (ManagedEntry entry : entries.values()) {
      if (entry.isUpdate()) {
        updates.add(entry);
      }
    }
    int count = updates.size();
    if (count <= UPDATE_MANAGERS_MAX) {
      return;
    }
    updates.sort(ManagedEntry.ORDER);
    Map<String, ManagedEntry> first = new HashMap<>();
    for (ManagedEntry entry : updates) {
      if (count <= UPDATE_MANAGERS_MAX) {
        return;
      }
      ManagedEntry earlier = first.putIfAbsent(entry.apiVersion(), entry);
      if (earlier != null) {
        merge(earlier, entry);
        count--;
      }
    }
  }

  private void merge(ManagedEntry earlier, ManagedEntry entry) {
    ManagerId bucket = ManagerId.update(OLD_UPDATES, entry.apiVersion(), "");
    ManagedEntry old = entries.getOrDefault(bucket, earlier);
    if (!entries.containsKey(bucket)) {
      entries.remove(earlier.id());
    }
    entries.remove(entry.id());
    FieldSet both = old.fields().union(entry.fields());
    entries.put(bucket, new ManagedEntry(bucket, entry.apiVersion(), entry.time(), both));
  }

  /** The list in upstream's order; null when there is nobody. */
  ArrayNode encode() {
    if (entries.isEmpty()) {
      return null;
    }
    List<ManagedEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(ManagedEntry.ORDER);
    ArrayNode list = Json.array();
    sorted.forEach(entry -> list.add(entry.encode()));
    return list;
  }
}
