package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Pods;

/** The numbers and choices of a Job's spec. */
record JobSpec(ObjectNode job) {
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";

  int parallelism() {
    return (int) Json.number(job, 1, "spec", "parallelism");
  }

  boolean hasCompletions() {
    return Json.at(job, "spec", "completions").isNumber();
  }

  int completions() {
    return (int) Json.number(job, 1, "spec", "completions");
  }

  int backoffLimit() {
    return (int) Json.number(job, 6, "spec", "backoffLimit");
  }

  boolean isIndexed() {
    return Json.text(job, "spec", "completionMode").equals("Indexed");
  }

  boolean isPerIndex() {
    return Json.at(job, "spec", "backoffLimitPerIndex").isNumber();
  }

  int backoffLimitPerIndex() {
    return (int) Json.number(job, 0, "spec", "backoffLimitPerIndex");
  }

  boolean isSuspended() {
    return Json.flag(job, false, "spec", "suspend");
  }

  long activeDeadlineSeconds() {
    return Json.number(job, -1, "spec", "activeDeadlineSeconds");
  }

  boolean hasFailurePolicy() {
    return job.path("spec").has("podFailurePolicy");
  }

  boolean replacesOnlyFailed() {
    return Json.text(job, "spec", "podReplacementPolicy").equals("Failed")
        || (Json.text(job, "spec", "podReplacementPolicy").isEmpty() && hasFailurePolicy());
  }

  static boolean isFinished(JsonNode job) {
    return Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed");
  }

  boolean isFailed(JsonNode pod) {
    return Pods.phase(pod).equals("Failed")
        || (!replacesOnlyFailed() && Meta.isDeleting(pod) && !Pods.phase(pod).equals("Succeeded"));
  }

  /** The index is in range, or the Job has none. */
  boolean isValid(JsonNode pod) {
    int index = Indexes.of(pod);
    return !isIndexed() || (index >= 0 && index < completions());
  }
}
