package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.strategy.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Default requests and limits of a namespace, and its minimum and maximum. */
final class LimitRanger {
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";

  private LimitRanger() {}

  static void admit(ObjectNode pod, Facts facts) {
    List<ObjectNode> ranges = facts.world().list(Resources.LIMIT_RANGES, facts.key().namespace());
    if (ranges.isEmpty()) {
      return;
    }
    List<String> notes = new ArrayList<>();
    ranges.forEach(range -> setDefaults(range, pod, notes));
    if (!notes.isEmpty()) {
      Json.ensure(pod, "metadata", "annotations")
          .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
    }
    LimitCheck check = new LimitCheck();
    ranges.forEach(range -> check.pod(range, pod));
    refuse(check, facts);
  }

  static void admitClaim(ObjectNode claim, Facts facts) {
    LimitCheck check = new LimitCheck();
    for (ObjectNode range : facts.world().list(Resources.LIMIT_RANGES, facts.key().namespace())) {
      check.claim(range, claim);
    }
    refuse(check, facts);
  }

  private static void refuse(LimitCheck check, Facts facts) {
    List<String> wrong = check.problems().stream().distinct().toList();
    if (!wrong.isEmpty()) {
      throw Admission.forbidden(
          facts, wrong.size() == 1 ? wrong.getFirst() : "[" + String.join(", ", wrong) + "]");
    }
  }

  private static void setDefaults(ObjectNode range, ObjectNode pod, List<String> notes) {
    for (JsonNode limit : Json.items(range, "spec", "limits")) {
      if (!Json.text(limit, "type").equals("Container")) {
        continue;
      }
      Fill.each(pod.path("spec"), "containers", c -> set(c, limit, "container", notes));
      Fill.each(pod.path("spec"), "initContainers", c -> set(c, limit, "init container", notes));
    }
  }

  private static void set(ObjectNode container, JsonNode limit, String what, List<String> notes) {
    Set<String> requests = copy(container, "requests", limit.path("defaultRequest"));
    Set<String> limits = copy(container, "limits", limit.path("default"));
    String name = Json.text(container, "name");
    if (!requests.isEmpty()) {
      notes.add(String.join(", ", requests) + " request for " + what + " " + name);
    }
    if (!limits.isEmpty()) {
      notes.add(String.join(", ", limits) + " limit for " + what + " " + name);
    }
  }

  private static Set<String> copy(ObjectNode container, String list, JsonNode defaults) {
    Set<String> set = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
      ObjectNode held = Json.ensure(container, "resources", list);
      if (!held.has(entry.getKey())) {
        held.set(entry.getKey(), entry.getValue());
        set.add(entry.getKey());
      }
    }
    return set;
  }
}
