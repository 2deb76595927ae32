package io.troupe.persistence.cache;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.store.CachedObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which objects name an owner by its uid. */
final class OwnerIndex {
  private static final byte[] MARK = "\"ownerReferences\":[".getBytes(StandardCharsets.UTF_8);

  private final Map<String, Set<ObjectKey>> owned = new ConcurrentHashMap<>();

  void replace(CachedObject before, CachedObject after) {
    List<String> old = before == null ? List.of() : owners(before);
    List<String> now = after == null ? List.of() : owners(after);
    if (old.equals(now)) {
      return;
    }
    old.forEach(
        uid ->
            owned.computeIfPresent(
                uid,
                (owner, keys) -> {
                  keys.remove(before.key());
                  return keys.isEmpty() ? null : keys;
                }));
    now.forEach(
        uid ->
            owned.compute(
                uid,
                (owner, keys) -> {
                  Set<ObjectKey> some = keys == null ? ConcurrentHashMap.newKeySet(4) : keys;
                  some.add(after.key());
                  return some;
                }));
  }

  Set<ObjectKey> ownedBy(String uid) {
    return owned.getOrDefault(uid, Set.of());
  }

  private static List<String> owners(CachedObject object) {
    if (!mentionsOwners(object.json())) {
      return List.of();
    }
    return Json.items(object.tree(), "metadata", "ownerReferences").stream()
        .map((JsonNode owner) -> Json.text(owner, "uid"))
        .distinct()
        .toList();
  }

  /** Most objects have no owner: a look at the bytes spares parsing them. */
  private static boolean mentionsOwners(byte[] json) {
    int last = json.length - MARK.length;
    for (int i = 0; i <= last; i++) {
      if (json[i] == '"' && json[i + 1] == 'o' && matches(json, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] json, int at) {
    for (int i = 0; i < MARK.length; i++) {
      if (json[at + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }
}
