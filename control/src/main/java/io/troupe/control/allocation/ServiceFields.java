package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The linked fields of a Service that upstream settles next to allocation: {@code clusterIP} with
 * {@code clusterIPs}, families and their policy, and allocated values that an update left out. All
 * methods change {@code spec} in place and change nothing the second time.
 */
final class ServiceFields {
  private ServiceFields() {}

  /** Keeps allocated values that the new spec leaves out, so that re-sent manifests succeed. */
  static void carryOver(ObjectNode spec, JsonNode before) {
    if (!ServiceSpec.isExternalName(before) && !ServiceSpec.isExternalName(spec)) {
      carryClusterIps(spec, before);
    }
    if (ServiceSpec.needsNodePorts(before) && ServiceSpec.needsNodePorts(spec)) {
      carryNodePorts(spec, before);
    }
    if (ServiceSpec.needsHealthCheckPort(before)
        && ServiceSpec.needsHealthCheckPort(spec)
        && ServiceSpec.healthCheckPort(spec) == 0
        && ServiceSpec.healthCheckPort(before) != 0) {
      spec.put("healthCheckNodePort", ServiceSpec.healthCheckPort(before));
    }
  }

  private static void carryClusterIps(ObjectNode spec, JsonNode before) {
    boolean isEmpty = Json.text(spec, "clusterIP").isEmpty();
    if (isEmpty && !Json.text(before, "clusterIP").isEmpty()) {
      spec.put("clusterIP", Json.text(before, "clusterIP"));
    }
    if (ServiceSpec.clusterIps(spec).isEmpty() && !ServiceSpec.clusterIps(before).isEmpty()) {
      spec.set("clusterIPs", before.get("clusterIPs").deepCopy());
    }
  }

  private static void carryNodePorts(ObjectNode spec, JsonNode before) {
    Set<Integer> used = numbers(before);
    used.retainAll(numbers(spec));
    Map<String, Integer> byName = new HashMap<>();
    ServiceSpec.ports(before)
        .forEach(p -> byName.put(Json.text(p, "name"), ServiceSpec.nodePort(p)));
    for (ObjectNode port : ServiceSpec.ports(spec)) {
      int old = byName.getOrDefault(Json.text(port, "name"), 0);
      if (ServiceSpec.nodePort(port) == 0 && old > 0 && !used.contains(old)) {
        port.put("nodePort", old);
      }
    }
  }

  private static Set<Integer> numbers(JsonNode spec) {
    Set<Integer> numbers = new HashSet<>();
    ServiceSpec.ports(spec).forEach(p -> numbers.add(ServiceSpec.nodePort(p)));
    numbers.remove(0);
    return numbers;
  }

  /** Brings {@code clusterIP} and {@code clusterIPs} together; before is missing for a creation. */
  static void normalize(ObjectNode spec, JsonNode before) {
    String single = Json.text(spec, "clusterIP");
    List<String> all = ServiceSpec.clusterIps(spec);
    String oldSingle = Json.text(before, "clusterIP");
    List<String> oldAll = ServiceSpec.clusterIps(before);
    if (before.isMissingNode()) {
      if (!single.isEmpty() && all.isEmpty()) {
        spec.putArray("clusterIPs").add(single);
      }
      return;
    }
    if (!oldAll.isEmpty() && all.isEmpty() && oldSingle.equals(single)) {
      spec.set("clusterIPs", before.get("clusterIPs").deepCopy());
    } else if (!oldSingle.equals(single) && oldAll.equals(all)) {
      if (single.isEmpty()) {
        spec.remove("clusterIPs");
      } else {
        spec.putArray("clusterIPs").add(single);
      }
    }
  }

  /** Drops what a changed type makes meaningless, unless the client just set it. */
  static void dropByType(ObjectNode spec, JsonNode before) {
    if (before.isMissingNode()) {
      return;
    }
    if (!ServiceSpec.isExternalName(before) && ServiceSpec.isExternalName(spec)) {
      if (Json.text(spec, "clusterIP").equals(Json.text(before, "clusterIP"))) {
        spec.remove(List.of("clusterIP", "clusterIPs"));
      }
      spec.remove(List.of("ipFamilies", "ipFamilyPolicy"));
    }
    if (ServiceSpec.needsNodePorts(before)
        && !ServiceSpec.needsNodePorts(spec)
        && numbers(spec).equals(numbers(before))) {
      ServiceSpec.ports(spec).forEach(p -> p.remove("nodePort"));
    }
    if (ServiceSpec.needsHealthCheckPort(before)
        && !ServiceSpec.needsHealthCheckPort(spec)
        && ServiceSpec.healthCheckPort(spec) == ServiceSpec.healthCheckPort(before)) {
      spec.remove("healthCheckNodePort");
    }
  }

  /** Defaults families and their policy for a cluster with IPv4 alone. */
  static Optional<Refusal> families(String name, ObjectNode spec, JsonNode before) {
    if (ServiceSpec.isExternalName(spec)) {
      return Optional.empty();
    }
    boolean isBare = ServiceSpec.isHeadless(spec) && Json.at(spec, "selector").isEmpty();
    if (Json.text(spec, "ipFamilyPolicy").isEmpty()) {
      String old = Json.text(before, "ipFamilyPolicy");
      spec.put(
          "ipFamilyPolicy", !old.isEmpty() ? old : isBare ? "RequireDualStack" : "SingleStack");
    }
    if (isSingleStack(spec)) {
      downgrade(spec, before);
    }
    List<Refusal.Cause> causes = contradictions(spec);
    if (!causes.isEmpty()) {
      return Optional.of(Refusal.invalid("", "Service", name, causes));
    }
    if (isBare) {
      defaultBareFamilies(spec);
      return Optional.empty();
    }
    causes = unavailable(spec);
    if (!causes.isEmpty()) {
      return Optional.of(Refusal.invalid("", "Service", name, causes));
    }
    if (ServiceSpec.texts(spec, "ipFamilies").isEmpty()) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    return Optional.empty();
  }

  private static boolean isSingleStack(JsonNode spec) {
    return Json.text(spec, "ipFamilyPolicy").equals("SingleStack");
  }

  /** An unchanged pair under SingleStack means: give the second one back. */
  private static void downgrade(ObjectNode spec, JsonNode before) {
    for (String field : List.of("clusterIPs", "ipFamilies")) {
      List<String> now = ServiceSpec.texts(spec, field);
      if (now.size() > 1 && now.equals(ServiceSpec.texts(before, field))) {
        spec.putArray(field).add(now.getFirst());
      }
    }
  }

  private static List<Refusal.Cause> contradictions(JsonNode spec) {
    List<Refusal.Cause> causes = new ArrayList<>();
    String must = "must be 'RequireDualStack' or 'PreferDualStack' when multiple ";
    if (isSingleStack(spec) && ServiceSpec.clusterIps(spec).size() == 2) {
      causes.add(policy("SingleStack", must + "cluster IPs are specified"));
    }
    if (isSingleStack(spec) && ServiceSpec.texts(spec, "ipFamilies").size() == 2) {
      causes.add(policy("SingleStack", must + "IP families are specified"));
    }
    List<String> addresses = ServiceSpec.clusterIps(spec);
    for (int i = ServiceSpec.texts(spec, "ipFamilies").size(); i < addresses.size(); i++) {
      if (addresses.get(i).contains(":")) {
        causes.add(
            invalid(
                "spec.clusterIPs[" + i + "]",
                Json.at(spec, "clusterIPs").toString(),
                "IPv6 is not configured on this cluster"));
      }
    }
    return causes;
  }

  private static List<Refusal.Cause> unavailable(JsonNode spec) {
    List<Refusal.Cause> causes = new ArrayList<>();
    if (Json.text(spec, "ipFamilyPolicy").equals("RequireDualStack")) {
      causes.add(
          policy("RequireDualStack", "this cluster is not configured for dual-stack services"));
    }
    List<String> families = ServiceSpec.texts(spec, "ipFamilies");
    for (int i = 0; i < families.size(); i++) {
      if (!families.get(i).equals("IPv4")) {
        String field = "spec.ipFamilies[" + i + "]";
        causes.add(invalid(field, "\"" + families.get(i) + "\"", "not configured on this cluster"));
      }
    }
    return causes;
  }

  private static void defaultBareFamilies(ObjectNode spec) {
    List<String> families = ServiceSpec.texts(spec, "ipFamilies");
    String first = families.isEmpty() ? "IPv4" : families.getFirst();
    if (families.size() < 2) {
      var list = spec.putArray("ipFamilies").add(first);
      if (!isSingleStack(spec)) {
        list.add(first.equals("IPv4") ? "IPv6" : "IPv4");
      }
    }
  }

  private static Refusal.Cause policy(String value, String why) {
    return invalid("spec.ipFamilyPolicy", "\"" + value + "\"", why);
  }

  static Refusal.Cause invalid(String field, String shownValue, String why) {
    return new Refusal.Cause(
        "FieldValueInvalid", "Invalid value: " + shownValue + ": " + why, field);
  }
}
