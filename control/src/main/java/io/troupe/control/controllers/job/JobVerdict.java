package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Times;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Whether a Job ends now; what was decided once stays decided. */
record JobVerdict(JobSpec spec, JobTally tally, Instant now) {

  Optional<JobEnd> end() {
    return decided("SuccessCriteriaMet", true)
        .or(() -> decided("FailureTarget", false))
        .or(this::byFailurePolicy)
        .or(this::byLimits)
        .or(this::byIndexes)
        .or(this::bySuccessPolicy);
  }

  private Optional<JobEnd> decided(String type, boolean success) {
    return Conditions.find(spec.job(), type)
        .filter(c -> Json.text(c, "status").equals("True"))
        .map(c -> new JobEnd(success, Json.text(c, "reason"), Json.text(c, "message")));
  }

  private Optional<JobEnd> byFailurePolicy() {
    return tally.pods.stream()
        .filter(spec::isFailed)
        .map(pod -> FailurePolicy.judge(spec.job(), pod))
        .filter(verdict -> verdict.action().equals("FailJob"))
        .map(verdict -> JobEnd.failure("PodFailurePolicy", verdict.message()))
        .findFirst();
  }

  private Optional<JobEnd> byLimits() {
    if (tally.failed > spec.backoffLimit() || restartsPastLimit()) {
      return Optional.of(
          JobEnd.failure("BackoffLimitExceeded", "Job has reached the specified backoff limit"));
    }
    boolean late =
        spec.activeDeadlineSeconds() >= 0
            && !spec.isSuspended()
            && Times.at(spec.job(), "status", "startTime")
                .filter(at -> !at.plusSeconds(spec.activeDeadlineSeconds()).isAfter(now))
                .isPresent();
    return late
        ? Optional.of(
            JobEnd.failure("DeadlineExceeded", "Job was active longer than specified deadline"))
        : Optional.empty();
  }

  /** With restartPolicy OnFailure the kubelet retries, and its restarts count. */
  private boolean restartsPastLimit() {
    if (!Json.text(spec.job(), "spec", "template", "spec", "restartPolicy").equals("OnFailure")) {
      return false;
    }
    long restarts = 0;
    for (JsonNode pod : tally.pods) {
      String phase = Pods.phase(pod);
      if (phase.equals("Running") || phase.equals("Pending")) {
        restarts += restarts(pod, "containerStatuses") + restarts(pod, "initContainerStatuses");
      }
    }
    return spec.backoffLimit() == 0 ? restarts > 0 : restarts >= spec.backoffLimit();
  }

  private static long restarts(JsonNode pod, String list) {
    return Json.items(pod, "status", list).stream()
        .mapToLong(c -> Json.number(c, 0, "restartCount"))
        .sum();
  }

  private Optional<JobEnd> byIndexes() {
    if (!spec.isPerIndex()) {
      return Optional.empty();
    }
    int failed = tally.failedIndexes.cardinality();
    if (failed > Json.number(spec.job(), Integer.MAX_VALUE, "spec", "maxFailedIndexes")) {
      return Optional.of(
          JobEnd.failure(
              "MaxFailedIndexesExceeded",
              "Job has exceeded the specified maximal number of failed indexes"));
    }
    return failed > 0 && failed + tally.succeededIndexes.cardinality() >= spec.completions()
        ? Optional.of(JobEnd.failure("FailedIndexes", "Job has failed indexes"))
        : Optional.empty();
  }

  private Optional<JobEnd> bySuccessPolicy() {
    List<JsonNode> rules = Json.items(spec.job(), "spec", "successPolicy", "rules");
    for (int i = 0; i < rules.size(); i++) {
      if (isMet(rules.get(i))) {
        return Optional.of(new JobEnd(true, "SuccessPolicy", "Matched rules at index " + i));
      }
    }
    return Optional.empty();
  }

  private boolean isMet(JsonNode rule) {
    long count = Json.number(rule, Integer.MAX_VALUE, "succeededCount");
    if (!rule.has("succeededIndexes")) {
      return tally.succeededIndexes.cardinality() >= count;
    }
    BitSet required = Indexes.parse(Json.text(rule, "succeededIndexes"), spec.completions());
    if (required.isEmpty()) {
      return false;
    }
    BitSet reached = (BitSet) required.clone();
    reached.and(tally.succeededIndexes);
    return reached.equals(required) || reached.cardinality() >= count;
  }
}
