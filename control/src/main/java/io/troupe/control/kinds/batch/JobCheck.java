package io.troupe.control.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.pod.TemplateCheck;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Validation of a job's spec. */
final class JobCheck {
  private static final String INDEXED = "Indexed";
  private static final int PARALLELISM_MAX = 100_000;

  private JobCheck() {}

  static void create(ObjectNode job, Errors errors) {
    At spec = At.spec(job, errors);
    spec(spec);
    if (!spec.has("selector")) {
      errors.required(spec.at("selector"), "");
    } else {
      Selectors.check(spec.child("selector"));
      if (!Selectors.matches(
          spec.node().get("selector"), Meta.labels(spec.node().path("template")))) {
        spec.child("template")
            .child("metadata")
            .invalid("labels", "`selector` does not match template `labels`");
      }
    }
    long completions = spec.number("completions", 0);
    if (spec.text("completionMode").equals(INDEXED) && completions > 0) {
      String host = Meta.name(job) + "-" + (completions - 1);
      if (!Names.dnsLabel(host).isEmpty()) {
        errors.invalid(
            FieldPath.METADATA.child("name"),
            Meta.name(job),
            "will not able to create pod with invalid DNS label: " + host);
      }
    }
  }

  /** A spec, also of a job template. */
  static void spec(At spec) {
    for (String field :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes")) {
      spec.nonNegative(field);
    }
    if (spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex")) {
      spec.errors().required(spec.at("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
    mode(spec);
    spec.ifPresent("podFailurePolicy", p -> failurePolicy(p, spec));
    spec.ifPresent("successPolicy", p -> successPolicy(p, spec));
    spec.oneOf(
        "podReplacementPolicy",
        spec.has("podFailurePolicy")
            ? List.of("Failed")
            : List.of("Failed", "TerminatingOrFailed"));
    TemplateCheck.template(spec.child("template"));
    restartPolicy(spec);
  }

  private static void mode(At spec) {
    spec.oneOf("completionMode", List.of("NonIndexed", INDEXED));
    if (!spec.text("completionMode").equals(INDEXED)) {
      for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
        if (spec.has(field)) {
          spec.invalid(field, "requires indexed completion mode");
        }
      }
      return;
    }
    if (!spec.has("completions")) {
      spec.errors().required(spec.at("completions"), "when completion mode is Indexed");
    }
    if (spec.number("parallelism", 0) > PARALLELISM_MAX) {
      spec.invalid(
          "parallelism", "must be less than or equal to 100000 when completion mode is Indexed");
    }
    if (spec.has("completions")
        && spec.number("maxFailedIndexes", 0) > spec.number("completions", 0)) {
      spec.invalid("maxFailedIndexes", "must be less than or equal to completions");
    }
  }

  private static void restartPolicy(At spec) {
    At pod = spec.child("template").child("spec");
    switch (pod.text("restartPolicy")) {
      case "", "Always" ->
          pod.errors().required(pod.at("restartPolicy"), "valid values: \"OnFailure\", \"Never\"");
      case "OnFailure" -> {
        if (spec.has("podFailurePolicy")) {
          pod.invalid(
              "restartPolicy", "only \"Never\" is supported when podFailurePolicy is specified");
        }
      }
      case "Never" -> {}
      default ->
          pod.errors()
              .notSupported(
                  pod.at("restartPolicy"),
                  pod.text("restartPolicy"),
                  List.of("OnFailure", "Never"));
    }
  }

  private static void failurePolicy(At policy, At spec) {
    int rules = policy.node().path("rules").size();
    if (rules > 20) {
      policy.errors().tooMany(policy.at("rules"), rules, 20);
    }
    Set<String> names = new HashSet<>();
    for (String list : List.of("containers", "initContainers")) {
      Json.items(spec.node(), "template", "spec", list)
          .forEach(c -> names.add(Json.text(c, "name")));
    }
    policy.each("rules", rule -> failureRule(rule, spec, names));
  }

  private static void failureRule(At rule, At spec, Set<String> names) {
    List<String> actions = List.of("Count", "FailIndex", "FailJob", "Ignore");
    if (rule.lacks("action")) {
      rule.errors()
          .required(
              rule.at("action"), "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
    } else if (rule.text("action").equals("FailIndex") && !spec.has("backoffLimitPerIndex")) {
      rule.invalid("action", "requires the backoffLimitPerIndex to be set");
    } else {
      rule.oneOf("action", actions);
    }
    boolean codes = rule.has("onExitCodes");
    boolean conditions = !rule.lacks("onPodConditions");
    rule.ifPresent("onExitCodes", c -> exitCodes(c, names));
    rule.each(
        "onPodConditions",
        c -> {
          c.follows("type", Names::qualifiedName);
          c.requiredOneOf("status", List.of("False", "True", "Unknown"));
        });
    if (codes == conditions) {
      rule.invalid(
          codes
              ? "specifying both OnExitCodes and OnPodConditions is not supported"
              : "specifying one of OnExitCodes and OnPodConditions is required");
    }
  }

  private static void exitCodes(At codes, Set<String> names) {
    codes.requiredOneOf("operator", List.of("In", "NotIn"));
    if (codes.has("containerName") && !names.contains(codes.text("containerName"))) {
      codes.invalid(
          "containerName",
          "must be one of the container or initContainer names in the pod template");
    }
    List<JsonNode> values = Json.items(codes.node(), "values");
    if (values.isEmpty()) {
      codes.invalid("values", "at least one value is required");
    } else if (values.size() > 255) {
      codes.errors().tooMany(codes.at("values"), values.size(), 255);
    }
    Set<Long> seen = new HashSet<>();
    long last = Long.MIN_VALUE;
    boolean ordered = true;
    for (int i = 0; i < values.size(); i++) {
      long value = values.get(i).asLong();
      if (value == 0 && codes.text("operator").equals("In")) {
        codes
            .errors()
            .invalid(codes.at("values").index(i), value, "must not be 0 for the In operator");
      }
      if (!seen.add(value)) {
        codes.errors().duplicate(codes.at("values").index(i), value);
      }
      ordered &= value >= last;
      last = value;
    }
    if (!ordered) {
      codes.invalid("values", "must be ordered");
    }
  }

  private static void successPolicy(At policy, At spec) {
    if (!spec.text("completionMode").equals(INDEXED)) {
      policy.invalid("requires indexed completion mode");
      return;
    }
    if (policy.lacks("rules")) {
      policy
          .errors()
          .required(
              policy.at("rules"),
              "at least one rules must be specified when the successPolicy is specified");
    }
    long completions = spec.number("completions", 0);
    policy.each(
        "rules",
        rule -> {
          if (!rule.has("succeededCount") && !rule.has("succeededIndexes")) {
            rule.errors()
                .required(
                    rule.path(),
                    "at least one of succeededCount or succeededIndexes must be specified");
          }
          rule.nonNegative("succeededCount");
          if (rule.number("succeededCount", 0) > completions) {
            rule.invalid(
                "succeededCount",
                "must be less than or equal to "
                    + completions
                    + " (the number of specified completions)");
          }
        });
  }
}
