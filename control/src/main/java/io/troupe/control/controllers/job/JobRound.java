package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Owners;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One round of one unfinished Job: count, decide whether it ends, create or delete pods. */
final class JobRound {
  private static final int UNCOUNTED_AT_MOST = 500;

  private final Round round;
  private final JobSpec spec;
  private final ObjectNode job;
  private final JobTally tally;
  private final ObjectNode status;
  private final FailureBackoff backoff;
  private final List<Write> events = new ArrayList<>();
  private final List<Write> changes = new ArrayList<>();
  private final List<ObjectNode> toUntrack = new ArrayList<>();
  private Duration again;

  JobRound(Round round, ObjectNode job, List<ObjectNode> pods) {
    this.round = round;
    this.job = job;
    this.spec = new JobSpec(job);
    this.tally = new JobTally(spec, pods);
    this.status = Statuses.draft(job);
    this.backoff =
        round
            .remembered(FailureBackoff.class)
            .orElse(FailureBackoff.NONE)
            .after(fresh(tally.newlySucceeded), fresh(tally.newlyFailed));
  }

  /** Pods that the memory does not know yet: those not noted as uncounted either. */
  private List<ObjectNode> fresh(List<ObjectNode> pods) {
    return pods.stream()
        .filter(p -> !tally.uncountedFailed.contains(Meta.uid(p)))
        .filter(p -> !tally.lastFailedOfIndex.containsValue(p))
        .toList();
  }

  Plan plan() {
    if (!status.has("startTime") && !spec.isSuspended()) {
      status.put("startTime", Times.format(round.now()));
    }
    Optional<JobEnd> end = new JobVerdict(spec, tally, round.now()).end();
    if (end.isPresent()) {
      tally.active.forEach(pod -> changes.add(JobPods.delete(job, pod)));
    } else if (!Meta.isDeleting(job)) {
      end = manage();
    }
    count(end.isPresent(), end.map(JobEnd::isSuccess).orElse(false));
    writeCounts();
    end.ifPresent(this::conclude);
    List<Write> writes = new ArrayList<>(Statuses.write(Resources.JOBS, job, status));
    writes.addAll(events);
    if (!toUntrack.isEmpty()) {
      writes.add(new Write.Batch(removals()));
    }
    if (!changes.isEmpty()) {
      writes.add(new Write.Batch(changes));
    }
    return Plan.of(writes).againAfter(Times.sooner(again, untilDeadline())).remembering(backoff);
  }

  private List<Write> removals() {
    return toUntrack.stream()
        .map(pod -> Owners.removeFinalizer(Resources.PODS, pod, JobSpec.FINALIZER))
        .toList();
  }

  private Duration untilDeadline() {
    if (spec.activeDeadlineSeconds() < 0 || spec.isSuspended()) {
      return null;
    }
    return Times.at(status, "startTime")
        .map(at -> Duration.between(round.now(), at.plusSeconds(spec.activeDeadlineSeconds())))
        .filter(Duration::isPositive)
        .orElse(null);
  }

  // --- pods

  private Optional<JobEnd> manage() {
    JobPods pods = new JobPods(round, spec, tally, backoff);
    changes.addAll(pods.changes());
    again = Times.sooner(again, pods.again());
    boolean idle = tally.active.isEmpty() && changes.isEmpty();
    boolean complete =
        spec.hasCompletions()
            ? tally.succeeded() >= spec.completions() && tally.active.isEmpty()
            : tally.succeeded() > 0 && idle;
    if (complete) {
      return Optional.of(JobEnd.COMPLETED);
    }
    setSuspended();
    return Optional.empty();
  }

  private void setSuspended() {
    Optional<JsonNode> before = Conditions.findIn(status, "Suspended");
    boolean was = before.filter(c -> Json.text(c, "status").equals("True")).isPresent();
    if (spec.isSuspended() && !was) {
      setCondition("Suspended", "True", "JobSuspended", "Job suspended");
      status.remove("startTime");
      events.add(normal("Suspended", "Job suspended"));
    } else if (!spec.isSuspended() && was) {
      setCondition("Suspended", "False", "JobResumed", "Job resumed");
      status.put("startTime", Times.format(round.now()));
      events.add(normal("Resumed", "Job resumed"));
    }
  }

  // --- counting

  private void count(boolean ends, boolean succeeds) {
    List<String> succeeded = stillTracked(tally.uncountedSucceeded, "succeeded");
    List<String> failed = stillTracked(tally.uncountedFailed, "failed");
    int noted = 0;
    for (ObjectNode pod : tally.pods) {
      if (!JobTally.isTracked(pod) || !mayUntrack(pod, ends)) {
        continue;
      }
      if (noted + succeeded.size() + failed.size() >= UNCOUNTED_AT_MOST) {
        break;
      }
      toUntrack.add(pod);
      String uid = Meta.uid(pod);
      boolean isSuccess = Pods.phase(pod).equals("Succeeded");
      if (isSuccess && !tally.uncountedFailed.contains(uid)) {
        if (spec.isIndexed()) {
          noted++;
        } else if (!tally.uncountedSucceeded.contains(uid)) {
          succeeded.add(uid);
        }
      } else if (!tally.uncountedFailed.contains(uid)
          && spec.isValid(pod)
          && (spec.isFailed(pod) || (ends && !succeeds))
          && tally.counts(pod)) {
        failed.add(uid);
      }
    }
    ObjectNode uncounted = status.putObject("uncountedTerminatedPods");
    putAll(uncounted, "succeeded", succeeded);
    putAll(uncounted, "failed", failed);
  }

  private boolean mayUntrack(ObjectNode pod, boolean ends) {
    if (Meta.isDeleting(job) || ends || Pods.phase(pod).equals("Succeeded")) {
      return true;
    }
    return spec.isFailed(pod) && !tally.lastFailedOfIndex.containsValue(pod);
  }

  /** Uids whose pods still have the finalizer; the others are counted now. */
  private List<String> stillTracked(java.util.Set<String> uids, String counter) {
    List<String> still =
        tally.pods.stream()
            .filter(JobTally::isTracked)
            .map(Meta::uid)
            .filter(uids::contains)
            .toList();
    long counted = Json.number(status, 0, counter) + uids.size() - still.size();
    putUnlessZero(counter, counted);
    return new ArrayList<>(still);
  }

  private static void putAll(ObjectNode uncounted, String field, List<String> uids) {
    if (!uids.isEmpty()) {
      uids.forEach(uncounted.putArray(field)::add);
    }
  }

  private void writeCounts() {
    putUnlessZero("active", tally.active.size());
    status.put("ready", tally.ready).put("terminating", tally.terminating);
    if (spec.isIndexed()) {
      putUnlessZero("succeeded", tally.succeeded());
      String completed = Indexes.format(tally.succeededIndexes);
      if (completed.isEmpty()) {
        status.remove("completedIndexes");
      } else {
        status.put("completedIndexes", completed);
      }
      if (spec.isPerIndex()) {
        status.put("failedIndexes", Indexes.format(tally.failedIndexes));
      }
    }
  }

  private void putUnlessZero(String field, long value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }

  // --- the end

  /** First says what the Job is to become, then, when all its pods are counted, that it is. */
  private void conclude(JobEnd end) {
    if (Conditions.findIn(status, end.interim()).isEmpty()) {
      setCondition(end.interim(), "True", end.reason(), end.message());
    }
    boolean waits =
        !toUntrack.isEmpty()
            || !changes.isEmpty()
            || tally.terminating > 0
            || !status.path("uncountedTerminatedPods").isEmpty();
    if (waits) {
      return;
    }
    setCondition(end.isSuccess() ? "Complete" : "Failed", "True", end.reason(), end.message());
    if (end.isSuccess()) {
      status.put("completionTime", Times.format(round.now()));
      if (spec.hasCompletions() && Json.number(status, 0, "succeeded") > spec.completions()) {
        events.add(
            EmitEvent.warning(
                Resources.JOBS,
                job,
                "TooManySucceededPods",
                "Too many succeeded pods running after completion count reached"));
      }
      events.add(normal("Completed", "Job completed"));
    } else {
      events.add(EmitEvent.warning(Resources.JOBS, job, end.reason(), end.message()));
    }
  }

  private Write normal(String reason, String text) {
    return EmitEvent.normal(Resources.JOBS, job, reason, text);
  }

  private void setCondition(String type, String value, String reason, String message) {
    ObjectNode condition = Json.object();
    condition.put("type", type).put("status", value);
    condition.put("lastProbeTime", Times.format(round.now()));
    condition.put("lastTransitionTime", Times.format(round.now()));
    condition.put("reason", reason).put("message", message);
    Conditions.replace(status, type, condition);
  }
}
