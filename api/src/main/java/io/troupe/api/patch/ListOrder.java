package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order of a merged list: elements that the patch names keep the patch's order, the others keep
 * theirs, and between the two the server's order decides.
 */
final class ListOrder {
  private ListOrder() {}

  static ArrayNode ordered(ArrayNode merged, ArrayNode order, ArrayNode serverOrder, String key) {
    Map<String, Integer> patchPlaces = places(order, key);
    Map<String, Integer> serverPlaces = places(serverOrder, key);
    List<JsonNode> patched = new ArrayList<>();
    List<JsonNode> serverOnly = new ArrayList<>();
    for (JsonNode item : merged) {
      boolean named = patchPlaces.containsKey(requiredIdentity(item, key));
      (named ? patched : serverOnly).add(item);
    }
    patched.sort(byPlace(patchPlaces, key));
    serverOnly.sort(byPlace(serverPlaces, key));
    return interleaved(serverOnly, patched, serverPlaces, key);
  }

  /**
   * The server's order as upstream sees it while it merges: new elements take the places of deleted
   * ones at the end of the list, and so come after those that stay.
   */
  static ArrayNode afterDeletions(ArrayNode before, ArrayNode change, String key) {
    if (key.isEmpty()) {
      return before;
    }
    Set<String> gone = new HashSet<>();
    List<JsonNode> added = new ArrayList<>();
    for (JsonNode item : change) {
      if (!DirectiveRemoval.isDirected(item)) {
        added.add(item);
      } else if (item.get(StrategicMergePatch.PATCH).asText().equals("delete")) {
        gone.add(requiredIdentity(item, key));
      }
    }
    ArrayNode order = Json.array();
    Set<String> kept = new HashSet<>();
    for (JsonNode item : before) {
      if (!gone.contains(identity(item, key))) {
        kept.add(identity(item, key));
        order.add(item);
      }
    }
    added.removeIf(item -> kept.contains(requiredIdentity(item, key)));
    int free = Math.min(before.size() - order.size(), added.size());
    return order.addAll(added.subList(0, free));
  }

  private static ArrayNode interleaved(
      List<JsonNode> left, List<JsonNode> right, Map<String, Integer> serverPlaces, String key) {
    ArrayNode all = Json.array();
    int i = 0;
    int j = 0;
    while (i < left.size() || j < right.size()) {
      boolean takeLeft = j >= right.size();
      if (i < left.size() && j < right.size()) {
        Integer leftPlace = serverPlaces.get(identity(left.get(i), key));
        Integer rightPlace = serverPlaces.get(identity(right.get(j), key));
        takeLeft = leftPlace != null && rightPlace != null && leftPlace < rightPlace;
      }
      all.add(takeLeft ? left.get(i++) : right.get(j++));
    }
    return all;
  }

  private static Comparator<JsonNode> byPlace(Map<String, Integer> places, String key) {
    return Comparator.comparing(
        item -> places.getOrDefault(identity(item, key), Integer.MAX_VALUE));
  }

  private static Map<String, Integer> places(ArrayNode list, String key) {
    Map<String, Integer> places = new HashMap<>();
    for (JsonNode item : list) {
      places.putIfAbsent(requiredIdentity(item, key), places.size());
    }
    return places;
  }

  /** The patched elements must come in the order that the directive states, and be named by it. */
  static void check(ArrayNode patch, ArrayNode order, String key) {
    if (patch == null || patch.isEmpty() || order.isEmpty()) {
      return;
    }
    int place = 0;
    for (JsonNode item : patch) {
      if (DirectiveRemoval.isDirected(item)) {
        continue;
      }
      String wanted = requiredIdentity(item, key);
      while (place < order.size() && !requiredIdentity(order.get(place), key).equals(wanted)) {
        place++;
      }
      if (place++ >= order.size()) {
        throw Patches.unclassified(
            "The order in patch list:\n"
                + GoText.of(patch)
                + "\n doesn't match $setElementOrder list:\n"
                + GoText.of(order)
                + "\n");
      }
    }
  }

  static String requiredIdentity(JsonNode item, String key) {
    if (!key.isEmpty() && !item.isObject()) {
      throw Patches.unclassified(
          "expected a map[string]interface {}, but received a " + GoText.typeOf(item));
    }
    if (!key.isEmpty() && !item.has(key)) {
      throw Patches.unclassified(
          "map: " + GoText.of(item) + " does not contain declared merge key: " + key);
    }
    return identity(item, key);
  }

  /** What makes an element the same: its merge key's value, or a scalar's own, with its type. */
  static String identity(JsonNode item, String key) {
    JsonNode value = key.isEmpty() ? item : item.get(key);
    return value == null ? "" : value.getNodeType() + " " + value.asText();
  }
}
