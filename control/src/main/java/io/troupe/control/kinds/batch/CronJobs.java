package io.troupe.control.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.pod.ContainerCells;
import io.troupe.control.kinds.pod.PodDefaults;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Times;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** CronJob. */
final class CronJobs {
  private static final int NAME_MAX = 52;

  private CronJobs() {}

  static Strategy strategy() {
    return Strategy.of("batch", "CronJob")
        .defaults(CronJobs::defaults)
        .generation()
        .validate(CronJobs::create)
        .validateUpdate((c, old, errors) -> spec(At.spec(c, errors)))
        .columns(COLUMNS)
        .build();
  }

  private static void defaults(ObjectNode cronJob) {
    ObjectNode spec = Json.ensure(cronJob, "spec");
    Fill.text(spec, "concurrencyPolicy", "Allow");
    Fill.flag(spec, "suspend", false);
    Fill.number(spec, "successfulJobsHistoryLimit", 3);
    Fill.number(spec, "failedJobsHistoryLimit", 1);
    ObjectNode job = Json.ensure(spec, "jobTemplate", "spec");
    PodDefaults.template(Fill.object(job, "template"));
    Fill.ifObject(
        job,
        "podFailurePolicy",
        p ->
            Fill.each(
                p,
                "rules",
                r -> Fill.each(r, "onPodConditions", c -> Fill.text(c, "status", "True"))));
  }

  private static void create(ObjectNode cronJob, Errors errors) {
    spec(At.spec(cronJob, errors));
    if (Meta.name(cronJob).length() > NAME_MAX) {
      errors.invalid(
          FieldPath.METADATA.child("name"),
          Meta.name(cronJob),
          "must be no more than 52 characters");
    }
  }

  private static void spec(At spec) {
    if (spec.required("schedule")) {
      String schedule = spec.text("schedule");
      if (schedule.contains("TZ")) {
        spec.invalid(
            "schedule", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
      } else {
        spec.errors().invalid(spec.at("schedule"), schedule, CronSyntax.problems(schedule));
      }
    }
    spec.nonNegative("startingDeadlineSeconds");
    timeZone(spec);
    spec.requiredOneOf("concurrencyPolicy", List.of("Allow", "Forbid", "Replace"));
    At job = spec.child("jobTemplate").child("spec");
    JobCheck.spec(job);
    if (job.has("selector")) {
      job.invalid("selector", "`selector` will be auto-generated");
    }
    if (job.flag("manualSelector")) {
      job.errors().notSupported(job.at("manualSelector"), true, List.of("nil", "false"));
    }
    spec.nonNegative("successfulJobsHistoryLimit");
    spec.nonNegative("failedJobsHistoryLimit");
  }

  private static void timeZone(At spec) {
    if (!spec.has("timeZone")) {
      return;
    }
    String zone = spec.text("timeZone");
    if (zone.isEmpty()) {
      spec.invalid("timeZone", "timeZone must be nil or non-empty string");
    } else if (zone.toLowerCase(Locale.ROOT).equals("local")) {
      spec.invalid(
          "timeZone",
          "timeZone must be an explicit time zone as defined in"
              + " https://www.iana.org/time-zones");
    } else if (!isZone(zone)) {
      spec.invalid("timeZone", "unknown time zone " + zone);
    }
  }

  private static boolean isZone(String zone) {
    try {
      return !zone.startsWith("+") && !zone.startsWith("-") && ZoneId.of(zone) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Schedule",
              "Timezone",
              "?Suspend",
              "#Active",
              "Last Schedule",
              "Age",
              "+Containers",
              "+Images",
              "+Selector")
          .row(
              (c, now, row) -> {
                row.add(Json.text(c, "spec", "schedule"));
                String zone = Json.text(c, "spec", "timeZone");
                row.add(zone.isEmpty() ? "<none>" : zone);
                row.add(Json.flag(c, false, "spec", "suspend") ? "True" : "False");
                row.add((long) Json.items(c, "status", "active").size());
                String last = Json.text(c, "status", "lastScheduleTime");
                row.add(last.isEmpty() ? "<none>" : Times.since(last, now));
                row.add(Columns.age(c, now));
                JsonNode job = Json.at(c, "spec", "jobTemplate", "spec");
                row.add(ContainerCells.names(job.path("template")));
                row.add(ContainerCells.images(job.path("template")));
                row.add(Selectors.shown(job.path("selector")));
              });
}
