package io.troupe.control.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.pod.ContainerCells;
import io.troupe.control.kinds.pod.PodDefaults;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import io.troupe.control.kinds.strategy.Times;
import java.util.List;

/** Job. */
final class Jobs {
  private static final List<String> CONDITIONS =
      List.of("Complete", "Failed", "Suspended", "FailureTarget", "SuccessCriteriaMet");

  private Jobs() {}

  static Strategy strategy() {
    return Strategy.of("batch", "Job")
        .with(Trait.ORPHANS_BY_DEFAULT)
        .defaults(Jobs::defaults)
        .generation()
        .prepareCreate(Jobs::select)
        .validate(JobCheck::create)
        .alsoOnUpdate(JobUpdateCheck::spec)
        .validateStatus(JobUpdateCheck::status)
        .selectable("status.successful", o -> "" + Json.number(o, 0, "status", "succeeded"))
        .columns(COLUMNS)
        .build();
  }

  private static void defaults(ObjectNode job) {
    spec(Json.ensure(job, "spec"));
    labels(job);
  }

  /** A job without labels has those of its pods. */
  private static void labels(ObjectNode job) {
    JsonNode labels = Json.at(job, "spec", "template", "metadata", "labels");
    ObjectNode metadata = Json.ensure(job, "metadata");
    if (!Same.isEmpty(labels) && Same.isEmpty(metadata.get("labels"))) {
      metadata.set("labels", labels.deepCopy());
    }
  }

  static void spec(ObjectNode spec) {
    if (Fill.isAbsent(spec, "completions") && Fill.isAbsent(spec, "parallelism")) {
      spec.put("completions", 1);
    }
    Fill.number(spec, "parallelism", 1);
    boolean perIndex = !Fill.isAbsent(spec, "backoffLimitPerIndex");
    Fill.number(spec, "backoffLimit", perIndex ? Integer.MAX_VALUE : 6);
    Fill.text(spec, "completionMode", "NonIndexed");
    Fill.flag(spec, "suspend", false);
    boolean policy = !Fill.isAbsent(spec, "podFailurePolicy");
    Fill.text(spec, "podReplacementPolicy", policy ? "Failed" : "TerminatingOrFailed");
    Fill.flag(spec, "manualSelector", false);
    Fill.ifObject(
        spec,
        "podFailurePolicy",
        p ->
            Fill.each(
                p,
                "rules",
                r -> Fill.each(r, "onPodConditions", c -> Fill.text(c, "status", "True"))));
    PodDefaults.template(Fill.object(spec, "template"));
  }

  /** A job selects its pods by its own uid, unless its author does it. */
  private static void select(ObjectNode job, Facts facts) {
    ObjectNode spec = Json.ensure(job, "spec");
    if (Json.flag(spec, false, "manualSelector")) {
      return;
    }
    ObjectNode labels = Json.ensure(spec, "template", "metadata", "labels");
    for (String key : List.of("job-name", "batch.kubernetes.io/job-name")) {
      Fill.text(labels, key, Meta.name(job));
    }
    for (String key : List.of("controller-uid", "batch.kubernetes.io/controller-uid")) {
      Fill.text(labels, key, Meta.uid(job));
    }
    Fill.text(
        Json.ensure(spec, "selector", "matchLabels"),
        "batch.kubernetes.io/controller-uid",
        Meta.uid(job));
    labels(job);
  }

  static boolean isTrue(JsonNode job, String condition) {
    return Json.items(job, "status", "conditions").stream()
        .anyMatch(
            c -> Json.text(c, "type").equals(condition) && Json.text(c, "status").equals("True"));
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Status",
              "Completions",
              "Duration",
              "Age",
              "+Containers",
              "+Images",
              "+Selector")
          .row(
              (job, now, row) -> {
                row.add(state(job));
                row.add(completions(job));
                row.add(duration(job, now));
                row.add(Columns.age(job, now));
                JsonNode template = Json.at(job, "spec", "template");
                row.add(ContainerCells.names(template));
                row.add(ContainerCells.images(template));
                row.add(Selectors.shown(Json.at(job, "spec", "selector")));
              });

  private static String state(ObjectNode job) {
    for (String condition : CONDITIONS) {
      if (condition.equals("Suspended") && Meta.isDeleting(job)) {
        return "Terminating";
      }
      if (isTrue(job, condition)) {
        return condition;
      }
    }
    return "Running";
  }

  private static String completions(ObjectNode job) {
    long succeeded = Json.number(job, 0, "status", "succeeded");
    JsonNode wanted = Json.at(job, "spec", "completions");
    if (wanted.isNumber()) {
      return succeeded + "/" + wanted.longValue();
    }
    long parallel = Json.number(job, 0, "spec", "parallelism");
    return succeeded + "/1" + (parallel > 1 ? " of " + parallel : "");
  }

  private static String duration(ObjectNode job, long now) {
    long start = Times.millis(Json.text(job, "status", "startTime"));
    long end = Times.millis(Json.text(job, "status", "completionTime"));
    return start < 0 ? "" : Times.duration((end < 0 ? now : end) - start);
  }
}
