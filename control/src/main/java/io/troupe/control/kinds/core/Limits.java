package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Amounts;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.pod.ResourceCheck;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** LimitRange and ResourceQuota. */
final class Limits {
  private static final List<String> SCOPES =
      List.of(
          "BestEffort",
          "CrossNamespacePodAffinity",
          "NotBestEffort",
          "NotTerminating",
          "PriorityClass",
          "Terminating",
          "VolumeAttributesClass");

  private Limits() {}

  static Strategy limitRange() {
    return Strategy.of("", "LimitRange")
        .with(Trait.CREATE_ON_UPDATE)
        .defaults(l -> Fill.each(l.path("spec"), "limits", Limits::containerDefaults))
        .validate(Limits::validateRange)
        .columns(createdAt())
        .build();
  }

  static Columns createdAt() {
    return Columns.of("Name", "Created At")
        .row((o, now, row) -> row.add(Json.text(o, "metadata", "creationTimestamp")));
  }

  private static void containerDefaults(ObjectNode limit) {
    if (!Json.text(limit, "type").equals("Container")) {
      return;
    }
    ObjectNode defaults = Fill.object(limit, "default");
    ObjectNode requests = Fill.object(limit, "defaultRequest");
    fill(defaults, limit.path("max"));
    fill(requests, defaults);
    fill(requests, limit.path("min"));
    for (String field : List.of("default", "defaultRequest")) {
      if (limit.path(field).isEmpty()) {
        limit.remove(field);
      }
    }
  }

  private static void fill(ObjectNode target, JsonNode source) {
    for (Map.Entry<String, JsonNode> entry : source.properties()) {
      if (!target.has(entry.getKey())) {
        target.set(entry.getKey(), entry.getValue());
      }
    }
  }

  private static void validateRange(ObjectNode range, Errors errors) {
    Set<String> types = new HashSet<>();
    At.spec(range, errors)
        .each(
            "limits",
            limit -> {
              limit.required("type");
              if (!types.add(limit.text("type"))) {
                errors.duplicate(limit.at("type"), limit.text("type"));
              }
              if (limit.text("type").equals("Pod")) {
                limit.mayNot("default", "may not be specified when `type` is 'Pod'");
                limit.mayNot("defaultRequest", "may not be specified when `type` is 'Pod'");
              }
              for (String list :
                  List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")) {
                names(limit, list);
              }
              order(limit, "min", "max", "min value %s is greater than max value %s");
              order(
                  limit,
                  "min",
                  "defaultRequest",
                  "min value %s is greater than default request value %s");
              order(
                  limit,
                  "defaultRequest",
                  "max",
                  "default request value %s is greater than max value %s");
              order(
                  limit,
                  "defaultRequest",
                  "default",
                  "default request value %s is greater than default limit value %s");
              order(limit, "default", "max", "default value %s is greater than max value %s");
            });
  }

  private static void names(At limit, String list) {
    for (Map.Entry<String, JsonNode> entry : limit.node().path(list).properties()) {
      ResourceCheck.name(entry.getKey(), limit.at(list).key(entry.getKey()), limit.errors());
    }
  }

  private static void order(At limit, String low, String high, String message) {
    for (Map.Entry<String, JsonNode> entry : limit.node().path(low).properties()) {
      JsonNode other = limit.node().path(high).get(entry.getKey());
      if (other != null && Amounts.of(entry.getValue()).compareTo(Amounts.of(other)) > 0) {
        limit
            .errors()
            .invalid(
                limit.at(low).key(entry.getKey()),
                entry.getValue(),
                String.format(message, entry.getValue().asText(), other.asText()));
      }
    }
  }

  static Strategy resourceQuota() {
    return Strategy.of("", "ResourceQuota")
        .validate(Limits::validateQuota)
        .alsoOnUpdate(
            (q, old, errors) -> {
              if (!Same.equal(q.path("spec"), old.path("spec"), "scopes")) {
                At.spec(q, errors).invalid("scopes", "field is immutable");
              }
            })
        .columns(
            Columns.of("Name", "Request", "Limit", "Age")
                .row(
                    (q, now, row) -> {
                      row.add(used(q, false));
                      row.add(used(q, true));
                      row.add(Columns.age(q, now));
                    }))
        .build();
  }

  private static void validateQuota(ObjectNode quota, Errors errors) {
    At spec = At.spec(quota, errors);
    At hard = spec.child("hard");
    for (Map.Entry<String, JsonNode> entry : hard.node().properties()) {
      if (!entry.getKey().startsWith("count/")) {
        ResourceCheck.name(entry.getKey(), hard.path().key(entry.getKey()), errors);
      }
      ResourceCheck.amount(
          entry.getKey(), entry.getValue(), hard.path().key(entry.getKey()), errors);
    }
    spec.each(
        "scopes",
        scope -> {
          if (!SCOPES.contains(scope.text())) {
            errors.invalid(spec.at("scopes"), spec.node().path("scopes"), "unsupported scope");
          }
        });
  }

  private static String used(ObjectNode quota, boolean limits) {
    Map<String, String> parts = new TreeMap<>();
    JsonNode used = Json.at(quota, "status", "used");
    for (Map.Entry<String, JsonNode> hard : Json.at(quota, "status", "hard").properties()) {
      String name = hard.getKey();
      if (name.startsWith("limits.") == limits) {
        String now = used.path(name).isMissingNode() ? "0" : used.path(name).asText();
        parts.put(name, name + ": " + now + "/" + hard.getValue().asText());
      }
    }
    return String.join(", ", parts.values());
  }
}
