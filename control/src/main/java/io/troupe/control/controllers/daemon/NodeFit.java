package io.troupe.control.controllers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a daemon's pod belongs on a node: node name, selector, affinity, taints. */
final class NodeFit {
  private static final String PREFIX = "node.kubernetes.io/";

  private final JsonNode spec;
  private final ArrayNode tolerations;

  NodeFit(JsonNode template) {
    this.spec = Json.at(template, "spec");
    this.tolerations = tolerations(spec);
  }

  boolean shouldRun(JsonNode node) {
    return fitsPlace(node) && tolerates(node, Set.of("NoExecute", "NoSchedule"));
  }

  /** A pod that is there stays unless a NoExecute taint speaks against it. */
  boolean mayStay(JsonNode node) {
    return fitsPlace(node) && tolerates(node, Set.of("NoExecute"));
  }

  private boolean fitsPlace(JsonNode node) {
    String name = Json.text(spec, "nodeName");
    Map<String, String> labels = Meta.labels(node);
    boolean selected =
        labels.entrySet().containsAll(Meta.texts(Json.at(spec, "nodeSelector")).entrySet());
    return (name.isEmpty() || name.equals(Meta.name(node))) && selected && fitsAffinity(node);
  }

  private boolean fitsAffinity(JsonNode node) {
    JsonNode required =
        Json.at(
            spec,
            "affinity",
            "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms");
    return required.isMissingNode()
        || Json.items(required).stream().anyMatch(term -> fitsTerm(term, node));
  }

  private static boolean fitsTerm(JsonNode term, JsonNode node) {
    List<JsonNode> expressions = Json.items(term, "matchExpressions");
    List<JsonNode> fields = Json.items(term, "matchFields");
    Map<String, String> labels = Meta.labels(node);
    return !(expressions.isEmpty() && fields.isEmpty())
        && expressions.stream().allMatch(e -> fits(e, labels.get(Json.text(e, "key"))))
        && fields.stream().allMatch(e -> fits(e, Meta.name(node)));
  }

  private static boolean fits(JsonNode expression, String value) {
    List<String> values = Json.items(expression, "values").stream().map(JsonNode::asText).toList();
    return switch (Json.text(expression, "operator")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> isNumber(value) && Long.parseLong(value) > Long.parseLong(values.getFirst());
      case "Lt" -> isNumber(value) && Long.parseLong(value) < Long.parseLong(values.getFirst());
      default -> false;
    };
  }

  private static boolean isNumber(String value) {
    return value != null && value.matches("-?[0-9]{1,18}");
  }

  private boolean tolerates(JsonNode node, Set<String> effects) {
    return Json.items(node, "spec", "taints").stream()
        .filter(t -> effects.contains(Json.text(t, "effect")))
        .allMatch(t -> Json.items(tolerations).stream().anyMatch(o -> tolerates(o, t)));
  }

  private static boolean tolerates(JsonNode toleration, JsonNode taint) {
    String effect = Json.text(toleration, "effect");
    String key = Json.text(toleration, "key");
    boolean exists = Json.text(toleration, "operator").equals("Exists");
    if (!effect.isEmpty() && !effect.equals(Json.text(taint, "effect"))) {
      return false;
    }
    if (key.isEmpty()) {
      return exists;
    }
    return key.equals(Json.text(taint, "key"))
        && (exists || Json.text(toleration, "value").equals(Json.text(taint, "value")));
  }

  /** What a daemon's pod tolerates: troubles of the node itself must not drive it away. */
  static ArrayNode tolerations(JsonNode spec) {
    ArrayNode all = Json.array();
    Json.items(spec, "tolerations").forEach(all::add);
    add(all, "not-ready", "NoExecute");
    add(all, "unreachable", "NoExecute");
    add(all, "disk-pressure", "NoSchedule");
    add(all, "memory-pressure", "NoSchedule");
    add(all, "pid-pressure", "NoSchedule");
    add(all, "unschedulable", "NoSchedule");
    if (Json.flag(spec, false, "hostNetwork")) {
      add(all, "network-unavailable", "NoSchedule");
    }
    return all;
  }

  private static void add(ArrayNode all, String taint, String effect) {
    ObjectNode toleration = Json.object();
    toleration.put("key", PREFIX + taint).put("operator", "Exists").put("effect", effect);
    for (int i = 0; i < all.size(); i++) {
      JsonNode known = all.get(i);
      boolean same =
          Json.text(known, "key").equals(PREFIX + taint)
              && Json.text(known, "effect").equals(effect);
      if (same) {
        all.set(i, toleration);
        return;
      }
    }
    all.add(toleration);
  }
}
