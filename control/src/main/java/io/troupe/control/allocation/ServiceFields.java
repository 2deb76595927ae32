package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Families of a Service and their policy, which upstream settles next to allocation. Changes {@code
 * spec} in place, and nothing the second time. What an update leaves out, {@code kinds} has kept
 * before.
 */
final class ServiceFields {
  private ServiceFields() {}

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
