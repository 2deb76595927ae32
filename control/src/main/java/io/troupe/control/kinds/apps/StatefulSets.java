package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.pod.ContainerCells;
import io.troupe.control.kinds.pod.PodDefaults;
import io.troupe.control.kinds.pod.TemplateCheck;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** StatefulSet. */
final class StatefulSets {
  private static final List<String> FIXED =
      List.of("selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy");

  private StatefulSets() {}

  static Strategy strategy() {
    return Strategy.of("apps", "StatefulSet")
        .nameRule(Names::dnsLabel)
        .defaults(StatefulSets::defaults)
        .generation()
        .validate(StatefulSets::validate)
        .alsoOnUpdate(StatefulSets::update)
        .validateStatus(StatefulSets::status)
        .subresource("scale", new Scale())
        .columns(
            Columns.of("Name", "Ready", "Age", "+Containers", "+Images")
                .row(
                    (s, now, row) -> {
                      row.add(
                          Json.number(s, 0, "status", "readyReplicas")
                              + "/"
                              + Json.number(s, 0, "spec", "replicas"));
                      row.add(Columns.age(s, now));
                      JsonNode template = Json.at(s, "spec", "template");
                      row.add(ContainerCells.names(template));
                      row.add(ContainerCells.images(template));
                    }))
        .build();
  }

  private static void defaults(ObjectNode set) {
    ObjectNode spec = Json.ensure(set, "spec");
    Fill.text(spec, "podManagementPolicy", "OrderedReady");
    ObjectNode strategy = Fill.object(spec, "updateStrategy");
    if (Json.text(strategy, "type").isEmpty()) {
      strategy.put("type", "RollingUpdate");
      Fill.object(strategy, "rollingUpdate");
    }
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      Fill.ifObject(
          strategy,
          "rollingUpdate",
          rolling -> {
            Fill.number(rolling, "partition", 0);
            Fill.number(rolling, "maxUnavailable", 1);
          });
    }
    ObjectNode retention = Fill.object(spec, "persistentVolumeClaimRetentionPolicy");
    Fill.text(retention, "whenDeleted", "Retain");
    Fill.text(retention, "whenScaled", "Retain");
    Fill.number(spec, "replicas", 1);
    Fill.number(spec, "revisionHistoryLimit", 10);
    PodDefaults.template(Fill.object(spec, "template"));
    Fill.each(
        spec,
        "volumeClaimTemplates",
        claim -> {
          Fill.text(claim, "apiVersion", "v1");
          Fill.text(claim, "kind", "PersistentVolumeClaim");
          Fill.text(Json.ensure(claim, "spec"), "volumeMode", "Filesystem");
          Fill.text(Json.ensure(claim, "status"), "phase", "Pending");
        });
  }

  private static void validate(ObjectNode set, Errors errors) {
    At spec = At.spec(set, errors);
    String policy = spec.text("podManagementPolicy");
    if (!policy.equals("OrderedReady") && !policy.equals("Parallel")) {
      spec.invalid("podManagementPolicy", "must be 'OrderedReady' or 'Parallel'");
    }
    strategy(spec.child("updateStrategy"));
    At retention = spec.child("persistentVolumeClaimRetentionPolicy");
    retention.oneOf("whenDeleted", List.of("Delete", "Retain"));
    retention.oneOf("whenScaled", List.of("Delete", "Retain"));
    spec.nonNegative("replicas");
    spec.nonNegative("minReadySeconds");
    if (spec.child("ordinals").number("start", 0) < 0) {
      errors.invalid(
          spec.at("ordinals.start"),
          spec.child("ordinals").number("start", 0),
          "must be greater than or equal to 0");
    }
    spec.follows("serviceName", Names::dnsLabel);
    TemplateCheck.selector(spec, "statefulset");
    At template = spec.child("template");
    TemplateCheck.alwaysRestarting(
        new At(withClaims(spec.node()), template.path(), errors), "StatefulSet");
  }

  /** Volumes of claim templates can be mounted like those of the pod template. */
  private static JsonNode withClaims(JsonNode spec) {
    List<JsonNode> claims = Json.items(spec, "volumeClaimTemplates");
    if (claims.isEmpty()) {
      return spec.path("template");
    }
    ObjectNode template = spec.path("template").deepCopy();
    ArrayNode volumes = Json.array();
    Set<String> names = new HashSet<>();
    for (JsonNode claim : claims) {
      String name = Json.text(claim, "metadata", "name");
      names.add(name);
      volumes
          .addObject()
          .put("name", name)
          .putObject("persistentVolumeClaim")
          .put("claimName", name);
    }
    for (JsonNode volume : Json.items(template, "spec", "volumes")) {
      if (!names.contains(Json.text(volume, "name"))) {
        volumes.add(volume);
      }
    }
    Json.ensure(template, "spec").set("volumes", volumes);
    return template;
  }

  private static void strategy(At strategy) {
    switch (strategy.text("type")) {
      case "" -> strategy.errors().required(strategy.path(), "");
      case "OnDelete" -> {
        if (strategy.has("rollingUpdate")) {
          strategy.invalid("rollingUpdate", "only allowed for updateStrategy 'RollingUpdate'");
        }
      }
      case "RollingUpdate" ->
          strategy.ifPresent(
              "rollingUpdate",
              rolling -> {
                rolling.nonNegative("partition");
                if (rolling.has("maxUnavailable")) {
                  IntOrPercent.nonNegative(rolling, "maxUnavailable");
                  if (IntOrPercent.value(rolling.node().get("maxUnavailable")) == 0) {
                    rolling.invalid("maxUnavailable", "cannot be 0");
                  }
                  IntOrPercent.atMostAll(rolling, "maxUnavailable");
                }
              });
      default ->
          strategy
              .errors()
              .invalid(strategy.path(), strategy.node(), "must be 'RollingUpdate' or 'OnDelete'");
    }
  }

  private static void update(ObjectNode set, ObjectNode old, Errors errors) {
    At spec = At.spec(set, errors);
    FIXED.forEach(field -> spec.immutable(field, old.path("spec")));
  }

  private static void status(ObjectNode set, ObjectNode old, Errors errors) {
    At status = At.status(set, errors);
    Counts.nonNegative(
        status,
        List.of(
            "replicas",
            "readyReplicas",
            "currentReplicas",
            "updatedReplicas",
            "availableReplicas",
            "observedGeneration",
            "collisionCount"));
    Counts.withinReplicas(
        status,
        List.of("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"),
        "cannot be greater than status.readyReplicas");
    Counts.collisions(set, old, errors);
  }
}
