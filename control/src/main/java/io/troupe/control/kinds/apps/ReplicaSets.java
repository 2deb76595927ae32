package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.MetadataCheck;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.pod.ContainerCells;
import io.troupe.control.kinds.pod.PodDefaults;
import io.troupe.control.kinds.pod.TemplateCheck;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.List;

/** ReplicaSet, and its elder ReplicationController with a plain map as selector. */
final class ReplicaSets {
  private ReplicaSets() {}

  static Strategy replicaSet() {
    return Strategy.of("apps", "ReplicaSet")
        .defaults(
            set -> {
              ObjectNode spec = Json.ensure(set, "spec");
              Fill.number(spec, "replicas", 1);
              PodDefaults.template(Fill.object(spec, "template"));
            })
        .generation()
        .validate(ReplicaSets::validate)
        .alsoOnUpdate((s, old, e) -> At.spec(s, e).immutable("selector", old.path("spec")))
        .validateStatus((s, old, e) -> status(s, e))
        .subresource("scale", new Scale())
        .selectable("status.replicas", o -> "" + Json.number(o, 0, "status", "replicas"))
        .columns(columns(spec -> Selectors.shown(spec.path("selector"))))
        .build();
  }

  private static void validate(ObjectNode set, Errors errors) {
    At spec = At.spec(set, errors);
    spec.nonNegative("replicas");
    spec.nonNegative("minReadySeconds");
    TemplateCheck.selector(spec, "replicaset");
    TemplateCheck.alwaysRestarting(spec.child("template"), "ReplicaSet");
  }

  private static void status(ObjectNode set, Errors errors) {
    At status = At.status(set, errors);
    Counts.nonNegative(
        status,
        List.of(
            "replicas",
            "fullyLabeledReplicas",
            "readyReplicas",
            "availableReplicas",
            "observedGeneration",
            "terminatingReplicas"));
    Counts.withinReplicas(
        status,
        List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
        "cannot be greater than readyReplicas");
  }

  static Strategy replicationController() {
    return Strategy.of("", "ReplicationController")
        .defaults(ReplicaSets::controllerDefaults)
        .generation()
        .with(Trait.ORPHANS_BY_DEFAULT)
        .validate(ReplicaSets::validateController)
        .validateStatus((s, old, e) -> status(s, e))
        .subresource("scale", new Scale())
        .selectable("status.replicas", o -> "" + Json.number(o, 0, "status", "replicas"))
        .columns(columns(spec -> Selectors.shownLabels(spec.path("selector"))))
        .build();
  }

  private static void controllerDefaults(ObjectNode controller) {
    ObjectNode spec = Json.ensure(controller, "spec");
    Fill.number(spec, "replicas", 1);
    if (spec.get("template") instanceof ObjectNode template) {
      PodDefaults.template(template);
      JsonNode labels = Json.at(template, "metadata", "labels");
      ObjectNode metadata = Json.ensure(controller, "metadata");
      if (!Same.isEmpty(labels) && Same.isEmpty(spec.get("selector"))) {
        spec.set("selector", labels.deepCopy());
      }
      if (!Same.isEmpty(labels) && Same.isEmpty(metadata.get("labels"))) {
        metadata.set("labels", labels.deepCopy());
      }
    }
  }

  private static void validateController(ObjectNode controller, Errors errors) {
    At spec = At.spec(controller, errors);
    spec.nonNegative("minReadySeconds");
    spec.nonNegative("replicas");
    spec.required("selector");
    MetadataCheck.labels(spec.node().get("selector"), spec.at("selector"), errors);
    if (!spec.has("template")) {
      errors.required(spec.at("template"), "");
      return;
    }
    At template = spec.child("template");
    var labels = Meta.labels(template.node());
    boolean selected =
        spec.node().path("selector").properties().stream()
            .allMatch(e -> e.getValue().asText().equals(labels.get(e.getKey())));
    if (!selected) {
      template.child("metadata").invalid("labels", "`selector` does not match template `labels`");
    }
    TemplateCheck.alwaysRestarting(template, "ReplicationController");
  }

  private static Columns columns(java.util.function.Function<JsonNode, String> selector) {
    return Columns.of(
            "Name", "#Desired", "#Current", "#Ready", "Age", "+Containers", "+Images", "+Selector")
        .row(
            (set, now, row) -> {
              JsonNode spec = set.path("spec");
              row.add(Json.number(spec, 0, "replicas"));
              row.add(Json.number(set, 0, "status", "replicas"));
              row.add(Json.number(set, 0, "status", "readyReplicas"));
              row.add(Columns.age(set, now));
              row.add(ContainerCells.names(spec.path("template")));
              row.add(ContainerCells.images(spec.path("template")));
              row.add(selector.apply(spec));
            });
  }
}
