package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.Owners;
import io.troupe.control.controllers.objects.Pods;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Job's pods sorted by what they are and whether they were counted. */
final class JobTally {
  final List<ObjectNode> pods;
  final List<ObjectNode> active;
  final List<ObjectNode> newlySucceeded;
  final List<ObjectNode> newlyFailed;
  final Set<String> uncountedSucceeded = new HashSet<>();
  final Set<String> uncountedFailed = new HashSet<>();
  final int terminating;
  final int ready;
  final int failed;
  final BitSet succeededIndexes;
  final BitSet failedIndexes;

  /** The failed pod of an index that stays until its replacement carries its failure count. */
  final Map<Integer, ObjectNode> lastFailedOfIndex = new HashMap<>();

  private final JobSpec spec;
  private final int succeeded;

  JobTally(JobSpec spec, List<ObjectNode> pods) {
    this.spec = spec;
    this.pods = pods;
    JsonNode status = Json.at(spec.job(), "status");
    Json.items(status, "uncountedTerminatedPods", "succeeded")
        .forEach(uid -> uncountedSucceeded.add(uid.asText()));
    Json.items(status, "uncountedTerminatedPods", "failed")
        .forEach(uid -> uncountedFailed.add(uid.asText()));
    active = pods.stream().filter(Pods::isActive).toList();
    ready = (int) active.stream().filter(Pods::isReady).count();
    terminating =
        (int) pods.stream().filter(p -> Meta.isDeleting(p) && !Pods.isFinished(p)).count();
    newlySucceeded =
        pods.stream()
            .filter(p -> isTracked(p) && !uncountedSucceeded.contains(Meta.uid(p)))
            .filter(spec::isValid)
            .filter(p -> Pods.phase(p).equals("Succeeded"))
            .toList();
    newlyFailed =
        pods.stream()
            .filter(p -> isTracked(p) && !uncountedFailed.contains(Meta.uid(p)))
            .filter(spec::isValid)
            .filter(spec::isFailed)
            .toList();
    int counted = (int) newlyFailed.stream().filter(this::counts).count();
    failed = (int) Json.number(status, 0, "failed") + counted + uncountedFailed.size();
    succeededIndexes = Indexes.parse(Json.text(status, "completedIndexes"), spec.completions());
    if (spec.isIndexed()) {
      newlySucceeded.forEach(p -> succeededIndexes.set(Indexes.of(p)));
    }
    succeeded =
        spec.isIndexed()
            ? succeededIndexes.cardinality()
            : (int) Json.number(status, 0, "succeeded")
                + newlySucceeded.size()
                + uncountedSucceeded.size();
    failedIndexes = Indexes.parse(Json.text(status, "failedIndexes"), spec.completions());
    if (spec.isPerIndex()) {
      pods.stream()
          .filter(p -> spec.isValid(p) && spec.isFailed(p) && failsIndex(p))
          .forEach(p -> failedIndexes.set(Indexes.of(p)));
      findLastFailed();
    }
  }

  int succeeded() {
    return succeeded;
  }

  static boolean isTracked(JsonNode pod) {
    return Owners.hasFinalizer(pod, JobSpec.FINALIZER);
  }

  boolean counts(JsonNode pod) {
    return FailurePolicy.judge(spec.job(), pod).counts();
  }

  private boolean failsIndex(JsonNode pod) {
    FailurePolicy.Verdict verdict = FailurePolicy.judge(spec.job(), pod);
    return verdict.action().equals("FailIndex")
        || (verdict.counts() && FailureBackoff.ofIndex(pod) >= spec.backoffLimitPerIndex());
  }

  private void findLastFailed() {
    Map<Integer, Integer> newest = new HashMap<>();
    for (ObjectNode pod : pods) {
      if (!spec.isValid(pod)) {
        continue;
      }
      int index = Indexes.of(pod);
      int count = FailureBackoff.ofIndex(pod) + FailureBackoff.ignoredOfIndex(pod);
      if (count >= newest.getOrDefault(index, -1)) {
        newest.put(index, count);
        boolean waits =
            spec.isFailed(pod)
                && isTracked(pod)
                && !failedIndexes.get(index)
                && !succeededIndexes.get(index);
        if (waits) {
          lastFailedOfIndex.put(index, pod);
        } else {
          lastFailedOfIndex.remove(index);
        }
      }
    }
  }
}
