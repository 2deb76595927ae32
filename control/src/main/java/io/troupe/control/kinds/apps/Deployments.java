package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.pod.ContainerCells;
import io.troupe.control.kinds.pod.PodDefaults;
import io.troupe.control.kinds.pod.TemplateCheck;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** Deployment. */
final class Deployments {
  private Deployments() {}

  static Strategy strategy() {
    return Strategy.of("apps", "Deployment")
        .defaults(Deployments::defaults)
        .generation((a, b) -> !Same.equal(a, b, "spec") || !sameAnnotations(a, b))
        .prepareStatus(Deployments::prepareStatus)
        .validate(Deployments::validate)
        .alsoOnUpdate((d, old, e) -> At.spec(d, e).immutable("selector", old.path("spec")))
        .validateStatus(Deployments::validateStatus)
        .subresource("scale", new Scale())
        .columns(COLUMNS)
        .build();
  }

  /** Annotations of a deployment are copied to its replica sets, so they count as a change. */
  private static boolean sameAnnotations(ObjectNode a, ObjectNode b) {
    return Same.equal(a.path("metadata"), b.path("metadata"), "annotations");
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Ready",
              "Up-to-date",
              "Available",
              "Age",
              "+Containers",
              "+Images",
              "+Selector")
          .row(
              (d, now, row) -> {
                row.add(
                    Json.number(d, 0, "status", "readyReplicas")
                        + "/"
                        + Json.number(d, 0, "spec", "replicas"));
                row.add(Json.number(d, 0, "status", "updatedReplicas"));
                row.add(Json.number(d, 0, "status", "availableReplicas"));
                row.add(Columns.age(d, now));
                JsonNode template = Json.at(d, "spec", "template");
                row.add(ContainerCells.names(template));
                row.add(ContainerCells.images(template));
                row.add(Selectors.shown(Json.at(d, "spec", "selector")));
              });

  private static void defaults(ObjectNode deployment) {
    ObjectNode spec = Json.ensure(deployment, "spec");
    Fill.number(spec, "replicas", 1);
    ObjectNode strategy = Fill.object(spec, "strategy");
    Fill.text(strategy, "type", "RollingUpdate");
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Fill.object(strategy, "rollingUpdate");
      if (Fill.isAbsent(rolling, "maxUnavailable")) {
        rolling.put("maxUnavailable", "25%");
      }
      if (Fill.isAbsent(rolling, "maxSurge")) {
        rolling.put("maxSurge", "25%");
      }
    }
    Fill.number(spec, "revisionHistoryLimit", 10);
    Fill.number(spec, "progressDeadlineSeconds", 600);
    PodDefaults.template(Fill.object(spec, "template"));
  }

  private static void prepareStatus(ObjectNode deployment, ObjectNode old, Facts facts) {
    ObjectNode metadata = Json.ensure(deployment, "metadata");
    JsonNode labels = Json.at(old, "metadata", "labels");
    if (labels.isMissingNode()) {
      metadata.remove("labels");
    } else {
      metadata.set("labels", labels);
    }
  }

  private static void validate(ObjectNode deployment, Errors errors) {
    At spec = At.spec(deployment, errors);
    spec.nonNegative("replicas");
    TemplateCheck.selector(spec, "deployment");
    TemplateCheck.alwaysRestarting(spec.child("template"), "ReplicaSet");
    rollout(spec);
    spec.nonNegative("minReadySeconds");
    spec.nonNegative("revisionHistoryLimit");
    spec.nonNegative("progressDeadlineSeconds");
    if (spec.has("progressDeadlineSeconds")
        && spec.number("progressDeadlineSeconds", 0) <= spec.number("minReadySeconds", 0)) {
      spec.invalid("progressDeadlineSeconds", "must be greater than minReadySeconds");
    }
  }

  private static void rollout(At spec) {
    At strategy = spec.child("strategy");
    switch (strategy.text("type")) {
      case "Recreate" -> {
        if (strategy.has("rollingUpdate")) {
          strategy.forbidden(
              "rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }
      }
      case "RollingUpdate" -> rollingUpdate(strategy.child("rollingUpdate"));
      default ->
          strategy
              .errors()
              .notSupported(strategy.path(), strategy.node(), List.of("Recreate", "RollingUpdate"));
    }
  }

  private static void rollingUpdate(At rolling) {
    IntOrPercent.nonNegative(rolling, "maxUnavailable");
    IntOrPercent.nonNegative(rolling, "maxSurge");
    if (IntOrPercent.value(rolling.node().get("maxUnavailable")) == 0
        && IntOrPercent.value(rolling.node().get("maxSurge")) == 0) {
      rolling.invalid("maxUnavailable", "may not be 0 when `maxSurge` is 0");
    }
    IntOrPercent.atMostAll(rolling, "maxUnavailable");
  }

  private static void validateStatus(ObjectNode deployment, ObjectNode old, Errors errors) {
    At status = At.status(deployment, errors);
    Counts.nonNegative(
        status,
        List.of(
            "observedGeneration",
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas",
            "terminatingReplicas",
            "collisionCount"));
    Counts.withinReplicas(
        status,
        List.of("updatedReplicas", "readyReplicas", "availableReplicas"),
        "cannot be greater than readyReplicas");
    Counts.collisions(deployment, old, errors);
  }
}
