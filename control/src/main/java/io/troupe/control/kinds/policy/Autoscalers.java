package io.troupe.control.kinds.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.ArrayList;
import java.util.List;

/** HorizontalPodAutoscaler, in its stored form autoscaling/v2. */
final class Autoscalers {
  private static final List<String> METRICS =
      List.of("ContainerResource", "External", "Object", "Pods", "Resource");

  private Autoscalers() {}

  static Strategy strategy() {
    return Strategy.of("autoscaling", "HorizontalPodAutoscaler")
        .generation()
        .nameRule(Names::dnsSubdomain)
        .defaults(Autoscalers::defaults)
        .validate(Autoscalers::validate)
        .validateStatus(
            (a, old, errors) -> {
              At.status(a, errors).nonNegative("currentReplicas");
              At.status(a, errors).nonNegative("desiredReplicas");
            })
        .columns(
            Columns.of("Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age")
                .row(
                    (a, now, row) -> {
                      JsonNode spec = a.path("spec");
                      row.add(
                          Json.text(spec, "scaleTargetRef", "kind")
                              + "/"
                              + Json.text(spec, "scaleTargetRef", "name"));
                      row.add(targets(a));
                      row.add(spec.path("minReplicas").asText("<unset>"));
                      row.add(Json.number(spec, 0, "maxReplicas"));
                      row.add(Json.number(a, 0, "status", "currentReplicas"));
                      row.add(Columns.age(a, now));
                    }))
        .build();
  }

  private static void defaults(ObjectNode autoscaler) {
    ObjectNode spec = Json.ensure(autoscaler, "spec");
    Fill.number(spec, "minReplicas", 1);
    if (Same.isEmpty(spec.get("metrics"))) {
      ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
      ObjectNode resource = metric.putObject("resource").put("name", "cpu");
      resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
    }
    Fill.ifObject(
        spec,
        "behavior",
        behavior -> {
          ObjectNode up = Fill.object(behavior, "scaleUp");
          Fill.number(up, "stabilizationWindowSeconds", 0);
          rules(up, true);
          rules(Fill.object(behavior, "scaleDown"), false);
        });
  }

  private static void rules(ObjectNode rules, boolean up) {
    Fill.text(rules, "selectPolicy", "Max");
    if (rules.has("policies")) {
      return;
    }
    var policies = rules.putArray("policies");
    if (up) {
      policies.addObject().put("type", "Pods").put("value", 4).put("periodSeconds", 15);
    }
    policies.addObject().put("type", "Percent").put("value", 100).put("periodSeconds", 15);
  }

  private static void validate(ObjectNode autoscaler, Errors errors) {
    At spec = At.spec(autoscaler, errors);
    if (spec.has("minReplicas") && spec.number("minReplicas", 1) < 1) {
      spec.invalid("minReplicas", "must be greater than or equal to 1");
    }
    if (spec.number("maxReplicas", 0) < 1) {
      errors.invalid(
          spec.at("maxReplicas"), spec.number("maxReplicas", 0), "must be greater than 0");
    }
    if (spec.number("maxReplicas", 0) < spec.number("minReplicas", 0)) {
      spec.invalid("maxReplicas", "must be greater than or equal to `minReplicas`");
    }
    At target = spec.child("scaleTargetRef");
    target.requiredFollows("kind", Names::pathSegment);
    target.requiredFollows("name", Names::pathSegment);
    spec.each(
        "metrics",
        metric -> {
          metric.requiredOneOf("type", METRICS);
          String type = metric.text("type");
          if (METRICS.contains(type)) {
            String field = Character.toLowerCase(type.charAt(0)) + type.substring(1);
            if (!metric.has(field)) {
              errors.required(
                  metric.at(field), "must populate information for the given metric source");
            }
          }
        });
    spec.ifPresent(
        "behavior",
        b -> {
          b.ifPresent("scaleUp", Autoscalers::checkRules);
          b.ifPresent("scaleDown", Autoscalers::checkRules);
        });
  }

  private static void checkRules(At rules) {
    rules.inRange("stabilizationWindowSeconds", 0, 3600);
    rules.oneOf("selectPolicy", List.of("Disabled", "Max", "Min"));
    rules.required("policies", "must specify at least one Policy");
    rules.each(
        "policies",
        policy -> {
          policy.requiredOneOf("type", List.of("Percent", "Pods"));
          policy.positive("value");
          policy.positive("periodSeconds");
          if (policy.number("periodSeconds", 0) > 1800) {
            policy.invalid("periodSeconds", "must be less than or equal to 1800");
          }
        });
  }

  private static String targets(ObjectNode autoscaler) {
    List<JsonNode> metrics = Json.items(autoscaler, "spec", "metrics");
    List<JsonNode> current = Json.items(autoscaler, "status", "currentMetrics");
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      shown.add(target(metrics.get(i), i < current.size() ? current.get(i) : Json.object()));
    }
    if (shown.isEmpty()) {
      return "<none>";
    }
    return shown.size() <= 2
        ? String.join(", ", shown)
        : String.join(", ", shown.subList(0, 2)) + " + " + (shown.size() - 2) + " more...";
  }

  private static String target(JsonNode metric, JsonNode status) {
    String type = Json.text(metric, "type");
    if (!METRICS.contains(type)) {
      return "<unknown type>";
    }
    String field = Character.toLowerCase(type.charAt(0)) + type.substring(1);
    JsonNode target = Json.at(metric, field, "target");
    JsonNode now = Json.at(status, field, "current");
    boolean average = target.hasNonNull("averageValue");
    if (type.endsWith("Resource")) {
      String name = Json.text(metric, field, "name");
      if (average) {
        return name
            + ": "
            + now.path("averageValue").asText("<unknown>")
            + "/"
            + target.get("averageValue").asText();
      }
      JsonNode used = now.path("averageUtilization");
      JsonNode wanted = target.path("averageUtilization");
      return name
          + ": "
          + (used.isNumber() ? used.asText() + "%" : "<unknown>")
          + "/"
          + (wanted.isNumber() ? wanted.asText() + "%" : "<auto>");
    }
    String value = average ? "averageValue" : "value";
    String shown = now.path(value).asText("<unknown>") + "/" + target.path(value).asText();
    return average && !type.equals("Pods") ? shown + " (avg)" : shown;
  }
}
