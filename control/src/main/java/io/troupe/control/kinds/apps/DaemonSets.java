package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
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

/** DaemonSet. */
final class DaemonSets {
  /** Old clients read how often the template changed from here. */
  private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

  private DaemonSets() {}

  static Strategy strategy() {
    return Strategy.of("apps", "DaemonSet")
        .defaults(DaemonSets::defaults)
        .generation()
        .prepareCreate((d, facts) -> templateGeneration(d, 1))
        .prepareUpdate(DaemonSets::countTemplates)
        .validate(DaemonSets::validate)
        .alsoOnUpdate((d, old, e) -> At.spec(d, e).immutable("selector", old.path("spec")))
        .validateStatus(DaemonSets::status)
        .columns(COLUMNS)
        .build();
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "#Desired",
              "#Current",
              "#Ready",
              "#Up-to-date",
              "#Available",
              "Node Selector",
              "Age",
              "+Containers",
              "+Images",
              "+Selector")
          .row(
              (d, now, row) -> {
                for (String field :
                    List.of(
                        "desiredNumberScheduled",
                        "currentNumberScheduled",
                        "numberReady",
                        "updatedNumberScheduled",
                        "numberAvailable")) {
                  row.add(Json.number(d, 0, "status", field));
                }
                JsonNode template = Json.at(d, "spec", "template");
                row.add(Selectors.shownLabels(Json.at(template, "spec", "nodeSelector")));
                row.add(Columns.age(d, now));
                row.add(ContainerCells.names(template));
                row.add(ContainerCells.images(template));
                row.add(Selectors.shown(Json.at(d, "spec", "selector")));
              });

  private static void defaults(ObjectNode set) {
    ObjectNode spec = Json.ensure(set, "spec");
    ObjectNode strategy = Fill.object(spec, "updateStrategy");
    Fill.text(strategy, "type", "RollingUpdate");
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Fill.object(strategy, "rollingUpdate");
      Fill.number(rolling, "maxUnavailable", 1);
      Fill.number(rolling, "maxSurge", 0);
    }
    Fill.number(spec, "revisionHistoryLimit", 10);
    PodDefaults.template(Fill.object(spec, "template"));
  }

  private static void countTemplates(ObjectNode set, ObjectNode old, Facts facts) {
    String held = Meta.annotations(old).getOrDefault(TEMPLATE_GENERATION, "1");
    long before = held.matches("[0-9]{1,18}") ? Long.parseLong(held) : 1;
    boolean changed = !Same.equal(set.path("spec"), old.path("spec"), "template");
    templateGeneration(set, changed ? before + 1 : before);
  }

  private static void templateGeneration(ObjectNode set, long generation) {
    Json.ensure(set, "metadata", "annotations").put(TEMPLATE_GENERATION, "" + generation);
  }

  private static void validate(ObjectNode set, Errors errors) {
    At spec = At.spec(set, errors);
    TemplateCheck.selector(spec, "daemonset");
    TemplateCheck.alwaysRestarting(spec.child("template"), "DaemonSet");
    spec.nonNegative("minReadySeconds");
    spec.nonNegative("revisionHistoryLimit");
    At strategy = spec.child("updateStrategy");
    switch (strategy.text("type")) {
      case "OnDelete" -> {}
      case "RollingUpdate" -> rolling(strategy);
      default ->
          errors.notSupported(
              strategy.path(), strategy.node(), List.of("RollingUpdate", "OnDelete"));
    }
  }

  private static void rolling(At strategy) {
    if (!strategy.has("rollingUpdate")) {
      strategy.errors().required(strategy.at("rollingUpdate"), "");
      return;
    }
    At rolling = strategy.child("rollingUpdate");
    for (String field : List.of("maxUnavailable", "maxSurge")) {
      IntOrPercent.nonNegative(rolling, field);
      IntOrPercent.atMostAll(rolling, field);
    }
    boolean unavailable = IntOrPercent.value(rolling.node().get("maxUnavailable")) != 0;
    boolean surge = IntOrPercent.value(rolling.node().get("maxSurge")) != 0;
    if (unavailable && surge) {
      rolling.invalid("maxSurge", "may not be set when maxUnavailable is non-zero");
    } else if (!unavailable && !surge) {
      rolling.errors().required(rolling.at("maxUnavailable"), "cannot be 0 when maxSurge is 0");
    }
  }

  private static void status(ObjectNode set, ObjectNode old, Errors errors) {
    Counts.nonNegative(
        At.status(set, errors),
        List.of(
            "currentNumberScheduled",
            "numberMisscheduled",
            "desiredNumberScheduled",
            "numberReady",
            "observedGeneration",
            "updatedNumberScheduled",
            "numberAvailable",
            "numberUnavailable",
            "collisionCount"));
    Counts.collisions(set, old, errors);
  }
}
