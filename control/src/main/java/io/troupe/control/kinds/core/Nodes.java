package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.pod.ResourceCheck;
import io.troupe.control.kinds.pod.ResourceDefaults;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Node. */
final class Nodes {
  private static final String POD_CIDR =
      "node updates may not change podCIDR except from \"\" to valid";

  private Nodes() {}

  static Strategy strategy() {
    return Strategy.of("", "Node")
        .defaults(Nodes::defaults)
        .with(Trait.STATUS_ON_CREATE)
        .validate(Nodes::validate)
        .alsoOnUpdate(Nodes::update)
        .validateStatus((n, old, e) -> resources(n, e))
        .selectable("spec.unschedulable", o -> "" + Json.flag(o, false, "spec", "unschedulable"))
        .columns(COLUMNS)
        .build();
  }

  private static void defaults(ObjectNode node) {
    if (node.get("status") instanceof ObjectNode status) {
      ResourceDefaults.round(status.get("capacity"));
      ResourceDefaults.round(status.get("allocatable"));
      if (!status.has("allocatable") && status.has("capacity")) {
        status.set("allocatable", status.get("capacity").deepCopy());
      }
    }
    if (node.get("spec") instanceof ObjectNode spec) {
      String cidr = Json.text(spec, "podCIDR");
      if (!cidr.isEmpty() && Same.isEmpty(spec.get("podCIDRs"))) {
        spec.putArray("podCIDRs").add(cidr);
      }
    }
  }

  private static void validate(ObjectNode node, Errors errors) {
    At spec = At.spec(node, errors);
    taints(spec);
    resources(node, errors);
    spec.each("podCIDRs", c -> c.follows(Addresses::cidr));
    if (spec.node().path("podCIDRs").size() > 2) {
      spec.invalid("podCIDRs", "may specify no more than one CIDR for each IP family");
    }
  }

  private static void taints(At spec) {
    Set<String> seen = new HashSet<>();
    FieldPath list = FieldPath.METADATA.child("taints");
    int[] position = {0};
    spec.each(
        "taints",
        taint -> {
          At at = new At(taint.node(), list.index(position[0]++), taint.errors());
          at.child("key").follows(Names::qualifiedName);
          at.follows("value", Names::labelValue);
          at.requiredOneOf("effect", List.of("NoSchedule", "PreferNoSchedule", "NoExecute"));
          if (!seen.add(at.text("effect") + " " + at.text("key"))) {
            at.errors().duplicate(at.path(), at.node());
          }
        });
  }

  private static void resources(ObjectNode node, Errors errors) {
    for (String list : List.of("capacity", "allocatable")) {
      for (Map.Entry<String, JsonNode> entry : Json.at(node, "status", list).properties()) {
        ResourceCheck.amount(
            entry.getKey(), entry.getValue(), FieldPath.of("status", list, entry.getKey()), errors);
      }
    }
  }

  private static void update(ObjectNode node, ObjectNode old, Errors errors) {
    JsonNode held = Json.at(old, "spec", "podCIDRs");
    if (!Same.isEmpty(held) && !Same.equal(held, Json.at(node, "spec", "podCIDRs"))) {
      errors.forbidden(FieldPath.of("spec", "podCIDRs"), POD_CIDR);
    }
    String before = Json.text(old, "spec", "providerID");
    String after = Json.text(node, "spec", "providerID");
    if (!before.isEmpty() && !after.equals(before)) {
      errors.invalid(
          FieldPath.of("spec", "providerID"),
          after,
          after.isEmpty()
              ? "field cannot be cleared once set"
              : "field cannot be modified once set");
    }
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Status",
              "Roles",
              "Age",
              "Version",
              "+Internal-IP",
              "+External-IP",
              "+OS-Image",
              "+Kernel-Version",
              "+Container-Runtime")
          .row(
              (n, now, row) -> {
                row.add(state(n));
                row.add(roles(n));
                row.add(Columns.age(n, now));
                JsonNode info = Json.at(n, "status", "nodeInfo");
                row.add(Json.text(info, "kubeletVersion"));
                row.add(address(n, "InternalIP"));
                row.add(address(n, "ExternalIP"));
                row.add(orUnknown(Json.text(info, "osImage")));
                String architecture = Json.text(info, "architecture");
                row.add(
                    orUnknown(Json.text(info, "kernelVersion"))
                        + (architecture.isEmpty() ? "" : " (" + architecture + ")"));
                row.add(orUnknown(Json.text(info, "containerRuntimeVersion")));
              });

  private static String state(ObjectNode node) {
    String state = "Unknown";
    for (JsonNode condition : Json.items(node, "status", "conditions")) {
      if (Json.text(condition, "type").equals("Ready")) {
        state = Json.text(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    return Json.flag(node, false, "spec", "unschedulable") ? state + ",SchedulingDisabled" : state;
  }

  private static String roles(ObjectNode node) {
    Set<String> roles = new TreeSet<>();
    for (Map.Entry<String, String> label : Meta.labels(node).entrySet()) {
      String prefix = "node-role.kubernetes.io/";
      if (label.getKey().startsWith(prefix) && label.getKey().length() > prefix.length()) {
        roles.add(label.getKey().substring(prefix.length()));
      } else if (label.getKey().equals("kubernetes.io/role") && !label.getValue().isEmpty()) {
        roles.add(label.getValue());
      }
    }
    return roles.isEmpty() ? "<none>" : String.join(",", roles);
  }

  private static String address(ObjectNode node, String type) {
    return Json.items(node, "status", "addresses").stream()
        .filter(a -> Json.text(a, "type").equals(type))
        .map(a -> Json.text(a, "address"))
        .findFirst()
        .orElse("<none>");
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? "<unknown>" : text;
  }
}
