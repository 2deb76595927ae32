package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.snapshot.DisruptionBudgets;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds less important pods whose removal makes room (DefaultPreemption): on each node that might
 * do, all of them are taken away, and as many as possible are then reprieved, those first that a
 * disruption budget protects.
 */
public final class Preemption {
  private static final Comparator<PodInfo> MORE_IMPORTANT_FIRST =
      Comparator.comparingInt(PodInfo::priority)
          .reversed()
          .thenComparingLong(PodInfo::startedMillis)
          .thenComparing(PodInfo::uid);

  private final Snapshot snapshot;
  private final ShapePlan plan;
  private final VolumePlan volumes;

  Preemption(Snapshot snapshot, ShapePlan plan, VolumePlan volumes) {
    this.snapshot = snapshot;
    this.plan = plan;
    this.volumes = volumes;
  }

  /** What became of it; the message goes into the pod's condition and event. */
  public sealed interface Result {
    String message();

    /** Removing the victims makes room on the node. */
    record Found(String node, List<PodInfo> victims, String message) implements Result {}

    /** Nothing helps. */
    record Hopeless(String message) implements Result {}

    /** The pod may not take anybody's place now; a nomination stays. */
    record NotEligible(String message) implements Result {}
  }

  /** Victims on one node, most important first. */
  private record Candidate(NodeInfo node, List<PodInfo> victims, int violations) {}

  Result find(PodInfo pod, Diagnosis diagnosis, long seed) {
    if (!pod.mayPreempt()) {
      return new Result.NotEligible("preemption: not eligible due to preemptionPolicy=Never.");
    }
    if (waitsForVictims(pod, diagnosis)) {
      return new Result.NotEligible(
          "preemption: not eligible due to a terminating pod on the nominated node.");
    }
    List<NodeInfo> potential = diagnosis.resolvable();
    List<Candidate> candidates = new ArrayList<>();
    Map<String, Integer> refusals = new HashMap<>();
    int enough =
        Math.clamp(potential.size() / 10, Math.min(100, potential.size()), Integer.MAX_VALUE);
    int offset = potential.isEmpty() ? 0 : (int) Math.floorMod(seed, (long) potential.size());
    int unviolating = 0;
    for (int i = 0; i < potential.size(); i++) {
      NodeInfo node = potential.get((offset + i) % potential.size());
      Candidate candidate = candidate(pod, node, refusals);
      if (candidate != null) {
        candidates.add(candidate);
        unviolating += candidate.violations() == 0 ? 1 : 0;
        if (unviolating > 0 && candidates.size() >= enough) {
          break;
        }
      }
    }
    return candidates.isEmpty() ? hopeless(diagnosis, refusals) : found(candidates);
  }

  /** Victims of an earlier preemption are still going: their room will come. */
  private boolean waitsForVictims(PodInfo pod, Diagnosis diagnosis) {
    NodeInfo nominated = snapshot.node(pod.nominatedNode());
    return nominated != null
        && diagnosis.resolvable().contains(nominated)
        && nominated.pods().stream()
            .anyMatch(p -> p.priority() < pod.priority() && p.isTerminating() && p.isPreempted());
  }

  private static Result hopeless(Diagnosis diagnosis, Map<String, Integer> refusals) {
    Map<String, Integer> reasons = new HashMap<>(refusals);
    int rest = diagnosis.allNodes() - diagnosis.resolvable().size();
    if (rest > 0) {
      reasons.put("Preemption is not helpful for scheduling", rest);
    }
    return new Result.Hopeless(
        "preemption: 0/"
            + diagnosis.allNodes()
            + " nodes are available: "
            + Diagnosis.histogram(reasons)
            + ".");
  }

  private static Result found(List<Candidate> candidates) {
    Candidate best = candidates.stream().min(LEAST_HARM).orElseThrow();
    return new Result.Found(
        best.node().name(),
        best.victims(),
        "preemption: found a potential placement for pod on node "
            + best.node().name()
            + ", preempting "
            + best.victims().size()
            + " victims");
  }

  private static final Comparator<Candidate> LEAST_HARM =
      Comparator.comparingInt(Candidate::violations)
          .thenComparingInt(c -> c.victims().getFirst().priority())
          .thenComparingLong(Preemption::sumOfPriorities)
          .thenComparingInt(c -> c.victims().size())
          .thenComparing(Comparator.comparingLong(Preemption::earliestStart).reversed());

  /** Shifted to be positive, so that few pods of negative priority count less than many. */
  private static long sumOfPriorities(Candidate candidate) {
    return candidate.victims().stream().mapToLong(p -> p.priority() + (1L << 31)).sum();
  }

  /** Of the victims of the highest priority. */
  private static long earliestStart(Candidate candidate) {
    int highest = candidate.victims().getFirst().priority();
    return candidate.victims().stream()
        .filter(p -> p.priority() == highest)
        .mapToLong(PodInfo::startedMillis)
        .min()
        .orElse(0);
  }

  private Candidate candidate(PodInfo pod, NodeInfo node, Map<String, Integer> refusals) {
    List<PodInfo> victims = new ArrayList<>();
    node.pods().stream().filter(p -> p.priority() < pod.priority()).forEach(victims::add);
    if (victims.isEmpty()) {
      refusals.merge("No preemption victims found for incoming pod", 1, Integer::sum);
      return null;
    }
    victims.sort(MORE_IMPORTANT_FIRST);
    Attempt attempt = new Attempt(pod, node, victims);
    Rejection rejection = attempt.check();
    if (rejection != null) {
      rejection.reasons().forEach(r -> refusals.merge(r, 1, Integer::sum));
      return null;
    }
    return attempt.reprieve(snapshot.budgets());
  }

  /** One node with its less important pods taken away. */
  private final class Attempt {
    private final NodeInfo node;
    private final NodeInfo copy;
    private final List<PodInfo> ahead;
    private final List<PodInfo> removed;
    private final List<PodInfo> victims = new ArrayList<>();
    private int violations;

    Attempt(PodInfo pod, NodeInfo node, List<PodInfo> away) {
      this.node = node;
      this.copy = node.copy();
      this.removed = new ArrayList<>(away);
      away.forEach(p -> copy.remove(p.uid()));
      this.ahead =
          snapshot.nominatedTo(node.name()).stream()
              .filter(p -> p.priority() >= pod.priority() && !p.uid().equals(pod.uid()))
              .toList();
    }

    Rejection check() {
      if (!ahead.isEmpty()) {
        NodeInfo with = copy.copy();
        ahead.forEach(with::add);
        Rejection rejection = plan.check(with, new Trial(ahead, removed), volumes);
        if (rejection != null) {
          return rejection;
        }
      }
      return plan.check(copy, new Trial(List.of(), removed), volumes);
    }

    Candidate reprieve(DisruptionBudgets budgets) {
      List<PodInfo> away = List.copyOf(removed);
      List<PodInfo> guarded = budgets.violated(away);
      guarded.forEach(p -> violations += reprieve(p) ? 0 : 1);
      away.stream().filter(p -> !guarded.contains(p)).forEach(this::reprieve);
      victims.sort(MORE_IMPORTANT_FIRST);
      return victims.isEmpty() ? null : new Candidate(node, victims, violations);
    }

    private boolean reprieve(PodInfo pod) {
      copy.add(pod);
      removed.remove(pod);
      if (check() == null) {
        return true;
      }
      copy.remove(pod.uid());
      removed.add(pod);
      victims.add(pod);
      return false;
    }
  }
}
