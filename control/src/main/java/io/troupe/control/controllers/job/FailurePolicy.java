package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a Job's {@code podFailurePolicy} says of a failed pod (KEP-3329). */
final class FailurePolicy {
  /**
   * The first rule that matches.
   *
   * @param action {@code FailJob}, {@code FailIndex}, {@code Ignore}, {@code Count}
   * @param message why the Job fails, for {@code FailJob}
   */
  record Verdict(String action, String message) {
    boolean counts() {
      return !action.equals("Ignore");
    }
  }

  private static final Verdict COUNT = new Verdict("Count", "");

  private FailurePolicy() {}

  static Verdict judge(JsonNode job, JsonNode pod) {
    List<JsonNode> rules = Json.items(job, "spec", "podFailurePolicy", "rules");
    for (int i = 0; i < rules.size(); i++) {
      Optional<String> match = match(rules.get(i), pod, i);
      if (match.isPresent()) {
        return new Verdict(Json.text(rules.get(i), "action"), match.get());
      }
    }
    return COUNT;
  }

  private static Optional<String> match(JsonNode rule, JsonNode pod, int index) {
    String name = Meta.namespace(pod) + "/" + Meta.name(pod);
    String action = Json.text(rule, "action");
    if (rule.has("onExitCodes")) {
      return container(rule.get("onExitCodes"), pod)
          .map(
              c ->
                  "Container %s for pod %s failed with exit code %d matching %s rule at index %d"
                      .formatted(Json.text(c, "name"), name, exitCode(c), action, index));
    }
    for (JsonNode condition : Json.items(pod, "status", "conditions")) {
      for (JsonNode pattern : Json.items(rule, "onPodConditions")) {
        boolean same =
            Json.text(condition, "type").equals(Json.text(pattern, "type"))
                && Json.text(condition, "status").equals(Json.text(pattern, "status"));
        if (same) {
          return Optional.of(
              "Pod %s has condition %s matching %s rule at index %d"
                  .formatted(name, Json.text(condition, "type"), action, index));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<JsonNode> container(JsonNode requirement, JsonNode pod) {
    List<JsonNode> statuses = new ArrayList<>(Json.items(pod, "status", "containerStatuses"));
    statuses.addAll(Json.items(pod, "status", "initContainerStatuses"));
    String name = Json.text(requirement, "containerName");
    List<Long> values =
        Json.items(requirement, "values").stream().map(JsonNode::longValue).toList();
    boolean in = Json.text(requirement, "operator").equals("In");
    return statuses.stream()
        .filter(c -> !Json.at(c, "state", "terminated").isMissingNode())
        .filter(c -> name.isEmpty() || name.equals(Json.text(c, "name")))
        .filter(c -> exitCode(c) != 0 && values.contains(exitCode(c)) == in)
        .findFirst();
  }

  private static long exitCode(JsonNode container) {
    return Json.number(container, 0, "state", "terminated", "exitCode");
  }
}
