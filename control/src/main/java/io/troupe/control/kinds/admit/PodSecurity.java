package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.strategy.Facts;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Pod Security Standards that a namespace asks for by its labels: enforced for new pods, and
 * warned about. Policies of older versions are read as the latest.
 */
final class PodSecurity {
  private static final String PREFIX = "pod-security.kubernetes.io/";
  private static final Pattern VERSION = Pattern.compile("latest|v1\\.[0-9]{1,3}");

  private PodSecurity() {}

  static void admit(ObjectNode pod, Facts facts) {
    ObjectNode namespace = facts.namespace();
    if (namespace == null) {
      return;
    }
    Map<String, String> labels = Meta.labels(namespace);
    String enforced = level(labels, "enforce");
    List<String> problems = PodSecurityChecks.problems(pod, enforced);
    if (!problems.isEmpty()) {
      throw Admission.forbidden(facts, "violates " + shown(labels, "enforce", problems));
    }
    String warned = level(labels, "warn");
    if (!warned.equals(enforced)) {
      List<String> warnings = PodSecurityChecks.problems(pod, warned);
      if (!warnings.isEmpty()) {
        facts.warn("would violate " + shown(labels, "warn", warnings));
      }
    }
  }

  private static String level(Map<String, String> labels, String mode) {
    String level = labels.getOrDefault(PREFIX + mode, "privileged");
    return List.of("privileged", "baseline").contains(level) ? level : "restricted";
  }

  private static String shown(Map<String, String> labels, String mode, List<String> problems) {
    String stated = labels.getOrDefault(PREFIX + mode + "-version", "latest");
    Matcher version = VERSION.matcher(stated);
    String policy = level(labels, mode) + ":" + (version.matches() ? stated : "latest");
    return "PodSecurity " + Errors.quote(policy) + ": " + String.join(", ", problems);
  }

  /** Whether the node is an object with the flag set so. */
  static boolean is(JsonNode node, String field, boolean wanted) {
    return node.path(field).isBoolean() && Json.flag(node, false, field) == wanted;
  }
}
