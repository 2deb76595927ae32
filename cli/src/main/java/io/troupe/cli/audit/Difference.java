package io.troupe.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One field that differs between two states of an object.
 *
 * @param path for example {@code spec.template.spec.containers[web].image}
 * @param before null when the field was added
 * @param after null when the field was removed
 */
public record Difference(String path, JsonNode before, JsonNode after) {
  private static final int SHOWN_CHARS_MAX = 160;

  /** What tells the elements of a list apart, most telling first. */
  private static final List<String> KEYS = List.of("name", "type", "mountPath", "containerPort", "port", "uid", "ip", "key");

  /** The differences in the order of the fields; metadata that changes with every write is left out. */
  public static List<Difference> between(ObjectNode before, ObjectNode after) {
    List<Difference> found = new ArrayList<>();
    compare("", settled(before), settled(after), found);
    return found;
  }

  private static ObjectNode settled(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(List.of("resourceVersion", "managedFields"));
    }
    return copy;
  }

  private static void compare(String path, JsonNode before, JsonNode after, List<Difference> found) {
    if (before == null ? after == null : before.equals(after)) {
      return;
    }
    if (before instanceof ObjectNode old && after instanceof ObjectNode now) {
      fields(path, old, now, found);
      return;
    }
    Map<String, JsonNode> old = byKey(before);
    Map<String, JsonNode> now = byKey(after);
    if (old != null && now != null) {
      union(old.keySet(), now.keySet()).forEach(k -> compare(path + "[" + k + "]", old.get(k), now.get(k), found));
    } else {
      found.add(new Difference(path, before, after));
    }
  }

  private static void fields(String path, ObjectNode old, ObjectNode now, List<Difference> found) {
    Set<String> names = new LinkedHashSet<>();
    old.fieldNames().forEachRemaining(names::add);
    now.fieldNames().forEachRemaining(names::add);
    names.forEach(n -> compare(step(path, n), old.get(n), now.get(n), found));
  }

  private static String step(String path, String name) {
    String shown = name.indexOf('.') < 0 && name.indexOf('/') < 0 ? name : "\"" + name + "\"";
    return path.isEmpty() ? shown : path + "." + shown;
  }

  private static Set<String> union(Set<String> first, Set<String> second) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second);
    return all;
  }

  /** The elements of a list of objects under a field that tells them apart; null when there is none. */
  private static Map<String, JsonNode> byKey(JsonNode list) {
    if (list == null || !list.isArray() || list.isEmpty()) {
      return null;
    }
    for (String key : KEYS) {
      Map<String, JsonNode> keyed = new LinkedHashMap<>();
      list.forEach(e -> keyed.put(Json.at(e, key).asText(""), e));
      if (keyed.size() == list.size() && !keyed.containsKey("")) {
        return keyed;
      }
    }
    return null;
  }

  /** {@code + path: value}, {@code - path: value} or {@code ~ path: before → after}. */
  @Override
  public String toString() {
    if (before == null) {
      return "+ " + path + ": " + shown(after);
    }
    return after == null ? "- " + path + ": " + shown(before) : "~ " + path + ": " + shown(before) + " → " + shown(after);
  }

  private static String shown(JsonNode value) {
    String text = value.isTextual() && isPlain(value.textValue()) ? value.textValue() : value.toString();
    return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX - 1) + "…";
  }

  private static boolean isPlain(String text) {
    return !text.isEmpty() && text.chars().noneMatch(c -> c < ' ' || c == '"');
  }
}
