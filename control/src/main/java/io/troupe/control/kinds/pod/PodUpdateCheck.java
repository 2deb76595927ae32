package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Same;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What of a pod's spec may change after it was made (core {@code ValidatePodUpdate}). */
final class PodUpdateCheck {
  private static final String UPDATABLE =
      "pod updates may not change fields other than `spec.containers[*].image`,"
          + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
          + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
          + " be set to 1 if it was previously negative)\n";

  private PodUpdateCheck() {}

  static void check(ObjectNode pod, ObjectNode old, Errors errors) {
    PodSpecCheck.pod(pod, errors);
    ObjectNode spec = Json.ensure(pod, "spec");
    JsonNode oldSpec = old.path("spec");
    if (!sameContainers(spec, oldSpec, errors)) {
      return;
    }
    At at = At.spec(pod, errors);
    if (!deadline(at, oldSpec)) {
      return;
    }
    tolerations(at, oldSpec);
    gates(at, oldSpec);
    if (!Same.equal(spec, oldSpec)) {
      rest(spec, oldSpec, at);
    }
  }

  private static boolean sameContainers(ObjectNode spec, JsonNode old, Errors errors) {
    for (String list : List.of("containers", "initContainers")) {
      if (spec.path(list).size() != old.path(list).size()) {
        errors.forbidden(
            FieldPath.SPEC.child(list), "pod updates may not add or remove containers");
        return false;
      }
    }
    return true;
  }

  private static boolean deadline(At spec, JsonNode old) {
    String field = "activeDeadlineSeconds";
    if (spec.has(field)) {
      if (old.hasNonNull(field) && Json.number(old, 0, field) < spec.number(field, 0)) {
        spec.invalid(field, "must be less than or equal to previous value");
        return false;
      }
    } else if (old.hasNonNull(field)) {
      spec.errors()
          .invalid(
              spec.at(field),
              (Object) null,
              "must not update from a positive integer to nil value");
    }
    return true;
  }

  private static void tolerations(At spec, JsonNode old) {
    for (JsonNode held : Json.items(old, "tolerations")) {
      boolean kept = false;
      for (JsonNode now : Json.items(spec.node(), "tolerations")) {
        kept |= sameButSeconds(held, now);
      }
      if (!kept) {
        spec.forbidden(
            "tolerations", "existing toleration can not be modified except its tolerationSeconds");
        return;
      }
    }
  }

  private static boolean sameButSeconds(JsonNode a, JsonNode b) {
    return List.of("key", "operator", "value", "effect").stream()
        .allMatch(f -> Same.equal(a, b, f));
  }

  private static void gates(At spec, JsonNode old) {
    Set<String> held = new HashSet<>();
    Json.items(old, "schedulingGates").forEach(g -> held.add(Json.text(g, "name")));
    spec.each(
        "schedulingGates",
        gate -> {
          if (!held.contains(gate.text("name"))) {
            gate.forbidden(
                "name",
                "only deletion is allowed, but found new scheduling gate '"
                    + gate.text("name")
                    + "'");
          }
        });
  }

  /** Compares all that may not change, on a copy with the changeable parts set back. */
  private static void rest(ObjectNode spec, JsonNode old, At at) {
    ObjectNode munged = spec.deepCopy();
    for (String field : List.of("activeDeadlineSeconds", "schedulingGates", "tolerations")) {
      put(munged, field, old.get(field));
    }
    for (String list : List.of("containers", "initContainers")) {
      images(munged.get(list), old.get(list));
    }
    if (Json.number(old, 0, "terminationGracePeriodSeconds") < 0
        && Json.number(munged, 0, "terminationGracePeriodSeconds") == 1) {
      put(munged, "terminationGracePeriodSeconds", old.get("terminationGracePeriodSeconds"));
    }
    if (!Json.items(old, "schedulingGates").isEmpty()) {
      GatedPods.check(at, old);
      put(munged, "nodeSelector", old.get("nodeSelector"));
      nodeAffinity(munged, old);
    }
    if (!Same.equal(munged, old)) {
      at.errors().forbidden(FieldPath.SPEC, UPDATABLE + difference(old, munged));
    }
  }

  private static void nodeAffinity(ObjectNode munged, JsonNode old) {
    JsonNode held = Json.at(old, "affinity", "nodeAffinity");
    if (munged.get("affinity") instanceof ObjectNode affinity) {
      put(affinity, "nodeAffinity", held.isMissingNode() ? null : held);
    } else if (!held.isMissingNode()) {
      munged.putObject("affinity").set("nodeAffinity", held);
    }
  }

  private static void images(JsonNode containers, JsonNode old) {
    if (containers instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        ((ObjectNode) list.get(i)).set("image", old.get(i).path("image"));
      }
    }
  }

  private static void put(ObjectNode object, String field, JsonNode value) {
    if (value == null) {
      object.remove(field);
    } else {
      object.set(field, value);
    }
  }

  static String difference(JsonNode before, JsonNode after) {
    Set<String> fields = new TreeSet<>();
    before.properties().forEach(e -> fields.add(e.getKey()));
    after.properties().forEach(e -> fields.add(e.getKey()));
    StringBuilder text = new StringBuilder();
    for (String field : fields) {
      if (!Same.equal(before, after, field)) {
        text.append("- \t").append(field).append(": ").append(before.path(field)).append('\n');
        text.append("+ \t").append(field).append(": ").append(after.path(field)).append('\n');
      }
    }
    return text.toString();
  }
}
