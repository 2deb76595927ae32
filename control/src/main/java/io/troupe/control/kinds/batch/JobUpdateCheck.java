package io.troupe.control.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Same;
import java.util.List;

/** What of a job may change: little while it runs, its pods' needs while it is suspended. */
final class JobUpdateCheck {
  private JobUpdateCheck() {}

  static void spec(ObjectNode job, ObjectNode old, Errors errors) {
    At spec = At.spec(job, errors);
    JsonNode before = old.path("spec");
    boolean elastic =
        spec.text("completionMode").equals("Indexed")
            && spec.number("completions", -1) == spec.number("parallelism", -2);
    if (!elastic) {
      spec.immutable("completions", before);
    }
    for (String field :
        List.of(
            "selector",
            "completionMode",
            "podFailurePolicy",
            "backoffLimitPerIndex",
            "managedBy",
            "successPolicy",
            "manualSelector")) {
      spec.immutable(field, before);
    }
    if (!Same.equal(template(spec.node(), old), template(before, old))) {
      spec.invalid("template", "field is immutable");
    }
  }

  /** The template without what may change while the job is suspended. */
  private static JsonNode template(JsonNode spec, ObjectNode old) {
    boolean suspended =
        Json.flag(old, false, "spec", "suspend")
            && Json.number(old, 0, "status", "active") == 0
            && (Json.text(old, "status", "startTime").isEmpty() || Jobs.isTrue(old, "Suspended"));
    if (!suspended || !(spec.path("template") instanceof ObjectNode template)) {
      return spec.path("template");
    }
    ObjectNode rest = template.deepCopy();
    ObjectNode metadata = Json.ensure(rest, "metadata");
    metadata.remove(List.of("labels", "annotations"));
    ObjectNode pod = Json.ensure(rest, "spec");
    pod.remove(List.of("nodeSelector", "tolerations", "schedulingGates"));
    if (pod.get("affinity") instanceof ObjectNode affinity) {
      affinity.remove("nodeAffinity");
    }
    for (String list : List.of("containers", "initContainers")) {
      Json.items(pod, list).forEach(c -> ((ObjectNode) c).remove("resources"));
    }
    return rest;
  }

  static void status(ObjectNode job, ObjectNode old, Errors errors) {
    At status = At.status(job, errors);
    for (String field : List.of("active", "succeeded", "failed", "ready", "terminating")) {
      status.nonNegative(field);
    }
    FieldPath conditions = status.at("conditions");
    for (String terminal : List.of("Failed", "Complete", "FailureTarget", "SuccessCriteriaMet")) {
      if (Jobs.isTrue(old, terminal) && !Jobs.isTrue(job, terminal)) {
        String what = terminal.equals("SuccessCriteriaMet") ? "" : "terminal ";
        errors.invalid(
            conditions,
            status.node().path("conditions"),
            "cannot disable the " + what + terminal + "=True condition");
      }
    }
    finished(job, old, status);
    if (status.number("failed", 0) < Json.number(old, 0, "status", "failed")) {
      status.invalid("failed", "cannot decrease the failed counter");
    }
    String completed = Json.text(old, "status", "completionTime");
    if (!completed.isEmpty()
        && status.has("completionTime")
        && !status.text("completionTime").equals(completed)) {
      status.invalid("completionTime", "field is immutable");
    }
  }

  private static void finished(ObjectNode job, ObjectNode old, At status) {
    boolean complete = Jobs.isTrue(job, "Complete");
    boolean failed = Jobs.isTrue(job, "Failed");
    if (complete && failed) {
      status.invalid("conditions", "cannot set Complete=True and Failed=true conditions");
    }
    if (complete == Jobs.isTrue(old, "Complete") && failed == Jobs.isTrue(old, "Failed")) {
      return;
    }
    if (complete && !status.has("completionTime")) {
      status
          .errors()
          .required(status.at("completionTime"), "completionTime is required for Complete jobs");
    }
    if (failed && !Jobs.isTrue(job, "FailureTarget")) {
      status.invalid(
          "conditions",
          "cannot set Failed=True condition without the FailureTarget=true condition");
    }
    if (complete && !Jobs.isTrue(job, "SuccessCriteriaMet")) {
      status.invalid(
          "conditions",
          "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
    }
    if ((complete || failed) && status.number("active", 0) > 0) {
      status.invalid("active", "active>0 is invalid for finished job");
    }
  }
}
