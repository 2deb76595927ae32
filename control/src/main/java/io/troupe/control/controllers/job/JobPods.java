package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.GeneratedName;
import io.troupe.control.controllers.objects.Owners;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which pods of an unfinished Job to create or to delete now. */
final class JobPods {
  private static final int AT_ONCE = 500;
  private static final Comparator<JsonNode> LEAST_PROGRESS_FIRST =
      Comparator.comparing((JsonNode pod) -> !Pods.nodeName(pod).isEmpty())
          .thenComparing(pod -> Pods.phase(pod).equals("Running"))
          .thenComparing(Pods::isReady)
          .thenComparing(
              Comparator.comparing(
                      (JsonNode pod) -> Json.text(pod, "metadata", "creationTimestamp"))
                  .reversed())
          .thenComparing(Meta::name);

  private final Round round;
  private final JobSpec spec;
  private final JobTally tally;
  private final FailureBackoff backoff;
  private Duration again;

  JobPods(Round round, JobSpec spec, JobTally tally, FailureBackoff backoff) {
    this.round = round;
    this.spec = spec;
    this.tally = tally;
    this.backoff = backoff;
  }

  /** When a back-off ends; null when none holds anything up. */
  Duration again() {
    return again;
  }

  List<Write> changes() {
    int wanted = wanted();
    List<ObjectNode> surplus = surplus(Math.max(0, tally.active.size() - wanted));
    if (!surplus.isEmpty()) {
      return surplus.stream().limit(AT_ONCE).flatMap(pod -> letGo(pod).stream()).toList();
    }
    int terminating = spec.replacesOnlyFailed() ? tally.terminating : 0;
    int missing = Math.min(AT_ONCE, wanted - terminating - tally.active.size());
    return missing > 0 ? creates(missing) : List.of();
  }

  private int wanted() {
    if (spec.isSuspended()) {
      return 0;
    }
    if (!spec.hasCompletions()) {
      return tally.succeeded() > 0 ? tally.active.size() : spec.parallelism();
    }
    int failed = spec.isPerIndex() ? tally.failedIndexes.cardinality() : 0;
    int left = Math.max(0, spec.completions() - tally.succeeded() - failed);
    return Math.min(left, spec.parallelism());
  }

  /** Pods whose index is taken, done or invalid, and as many more as are too many. */
  private List<ObjectNode> surplus(int atLeast) {
    List<ObjectNode> sorted = tally.active.stream().sorted(LEAST_PROGRESS_FIRST).toList();
    List<ObjectNode> surplus = new ArrayList<>();
    if (spec.isIndexed()) {
      Set<Integer> seen = new HashSet<>();
      for (ObjectNode pod : sorted.reversed()) {
        if (!spec.isValid(pod) || !seen.add(Indexes.of(pod))) {
          surplus.add(pod);
        }
      }
    }
    for (ObjectNode pod : sorted) {
      if (surplus.size() >= atLeast) {
        break;
      }
      if (!surplus.contains(pod)) {
        surplus.add(pod);
      }
    }
    return surplus;
  }

  /** A pod that is scaled away counts neither way. */
  private List<Write> letGo(ObjectNode pod) {
    List<Write> writes = new ArrayList<>();
    if (JobTally.isTracked(pod)) {
      writes.add(Owners.removeFinalizer(Resources.PODS, pod, JobSpec.FINALIZER));
    }
    writes.add(delete(spec.job(), pod));
    return writes;
  }

  static Write delete(ObjectNode job, ObjectNode pod) {
    return new Write.Announced(
        Write.delete(Resources.PODS, pod),
        EmitEvent.normal(Resources.JOBS, job, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)),
        EmitEvent.warning(Resources.JOBS, job, "FailedDelete", "Error deleting: "));
  }

  private List<Write> creates(int missing) {
    if (!spec.isPerIndex()) {
      Duration wait = backoff.remaining(round.now());
      if (wait.isPositive()) {
        again = wait;
        return List.of();
      }
    }
    List<Write> creates = new ArrayList<>();
    Set<String> chosen = new HashSet<>();
    List<Integer> indexes = spec.isIndexed() ? pending(missing) : List.of();
    int count = spec.isIndexed() ? indexes.size() : missing;
    for (int i = 0; i < count; i++) {
      int index = spec.isIndexed() ? indexes.get(i) : -1;
      creates.add(create(index, i, chosen));
    }
    return creates;
  }

  /** The lowest indexes without a result or a pod, whose back-off is over. */
  private List<Integer> pending(int count) {
    Set<Integer> taken = new HashSet<>();
    tally.active.forEach(pod -> taken.add(Indexes.of(pod)));
    if (spec.replacesOnlyFailed()) {
      tally.pods.stream()
          .filter(p -> Meta.isDeleting(p) && !Pods.isFinished(p))
          .forEach(p -> taken.add(Indexes.of(p)));
    }
    List<Integer> pending = new ArrayList<>();
    Duration soonest = null;
    for (int i = 0; i < spec.completions() && pending.size() < count; i++) {
      if (tally.succeededIndexes.get(i) || tally.failedIndexes.get(i) || taken.contains(i)) {
        continue;
      }
      Duration wait = waitOf(i);
      if (wait.isPositive()) {
        soonest = Times.sooner(soonest, wait);
      } else {
        pending.add(i);
      }
    }
    again = Times.sooner(again, soonest);
    return pending;
  }

  private Duration waitOf(int index) {
    ObjectNode last = tally.lastFailedOfIndex.get(index);
    if (last == null) {
      return Duration.ZERO;
    }
    int failures = FailureBackoff.ofIndex(last) + FailureBackoff.ignoredOfIndex(last) + 1;
    return FailureBackoff.remaining(failures, FailureBackoff.finished(last), round.now());
  }

  private Write create(int index, int ordinal, Set<String> chosen) {
    ObjectNode job = spec.job();
    String prefix = Meta.name(job) + (index < 0 ? "-" : "-" + index + "-");
    long newest = tally.pods.stream().mapToLong(Meta::revision).max().orElse(0);
    String seed = Meta.uid(job) + "/" + Meta.revision(job) + "/" + newest + "/" + ordinal;
    String name =
        GeneratedName.of(
            prefix,
            seed,
            n ->
                chosen.contains(n)
                    || round.view().find(Resources.PODS, Meta.namespace(job), n).isPresent());
    chosen.add(name);
    return new Write.Announced(
        new Write.Create(
            Resources.PODS,
            JobPod.of(spec, name, prefix, index, tally.lastFailedOfIndex.get(index))),
        EmitEvent.normal(Resources.JOBS, job, "SuccessfulCreate", "Created pod: " + name),
        EmitEvent.warning(Resources.JOBS, job, "FailedCreate", "Error creating: "));
  }
}
