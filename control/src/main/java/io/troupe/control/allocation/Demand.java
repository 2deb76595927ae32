package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * Amounts of node resources.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryBytes memory
 * @param storageBytes {@code ephemeral-storage}
 * @param others huge pages and extended resources by name, without zeros
 */
public record Demand(
    long cpuMillis, long memoryBytes, long storageBytes, Map<String, Long> others) {
  public static final Demand NONE = new Demand(0, 0, 0, Map.of());

  /** Reads a {@code ResourceList}; {@code pods} and {@code storage} are no demand. */
  public static Demand of(JsonNode list) {
    if (list == null || !list.isObject() || list.isEmpty()) {
      return NONE;
    }
    Map<String, Long> others = Map.of();
    for (Map.Entry<String, JsonNode> entry : list.properties()) {
      if (isOther(entry.getKey())) {
        others = others.isEmpty() ? new TreeMap<>() : others;
        others.put(entry.getKey(), Amount.whole(entry.getValue()));
      }
    }
    return new Demand(
        Amount.milli(list.get("cpu")),
        Amount.whole(list.get("memory")),
        Amount.whole(list.get("ephemeral-storage")),
        others);
  }

  private static boolean isOther(String name) {
    return switch (name) {
      case "cpu", "memory", "ephemeral-storage", "pods", "storage" -> false;
      default -> true;
    };
  }

  public boolean isNothing() {
    return cpuMillis == 0 && memoryBytes == 0 && storageBytes == 0 && others.isEmpty();
  }

  public Demand plus(Demand more) {
    if (more.isNothing()) {
      return this;
    }
    return new Demand(
        capped(cpuMillis, more.cpuMillis),
        capped(memoryBytes, more.memoryBytes),
        capped(storageBytes, more.storageBytes),
        merged(others, more.others, Demand::capped));
  }

  public Demand minus(Demand less) {
    return less.isNothing()
        ? this
        : new Demand(
            cpuMillis - less.cpuMillis,
            memoryBytes - less.memoryBytes,
            storageBytes - less.storageBytes,
            merged(others, less.others, (a, b) -> a - b));
  }

  /** The larger of both in each resource. */
  public Demand max(Demand other) {
    return new Demand(
        Math.max(cpuMillis, other.cpuMillis),
        Math.max(memoryBytes, other.memoryBytes),
        Math.max(storageBytes, other.storageBytes),
        merged(others, other.others, Math::max));
  }

  private static long capped(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static Map<String, Long> merged(
      Map<String, Long> left, Map<String, Long> right, java.util.function.LongBinaryOperator how) {
    if (right.isEmpty()) {
      return left;
    }
    Map<String, Long> merged = new TreeMap<>(left);
    right.forEach(
        (name, amount) -> merged.put(name, how.applyAsLong(merged.getOrDefault(name, 0L), amount)));
    merged.values().removeIf(amount -> amount == 0);
    return merged;
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("cpu", cpuMillis).put("memory", memoryBytes).put("storage", storageBytes);
    if (!others.isEmpty()) {
      ObjectNode node = json.putObject("others");
      others.forEach(node::put);
    }
    return json;
  }

  static Demand read(JsonNode json) {
    Map<String, Long> others = new TreeMap<>();
    Json.at(json, "others")
        .properties()
        .forEach(e -> others.put(e.getKey(), e.getValue().asLong()));
    return new Demand(
        Json.number(json, 0, "cpu"),
        Json.number(json, 0, "memory"),
        Json.number(json, 0, "storage"),
        others);
  }
}
