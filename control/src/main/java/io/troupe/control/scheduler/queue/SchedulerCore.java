package io.troupe.control.scheduler.queue;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.Shapes;
import io.troupe.control.scheduler.place.Diagnosis;
import io.troupe.control.scheduler.place.Placement;
import io.troupe.control.scheduler.place.Placer;
import io.troupe.control.scheduler.place.Preemption;
import io.troupe.control.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scheduler of one zone as a state machine: told what changed and how writes ended, asked for
 * the next pod's effects. One thread at a time; time and seeds come from outside.
 */
public final class SchedulerCore {
  public static final String DEFAULT_NAME = "default-scheduler";

  private final Snapshot snapshot = new Snapshot();
  private final Placer placer = new Placer(snapshot);
  private final PodQueue queue = new PodQueue();
  private final Shapes shapes = new Shapes();
  private final Map<String, PodInfo> pending = new HashMap<>();
  private final Map<String, PodInfo> assumed = new HashMap<>();
  private final Map<String, PodInfo> waitingForVolumes = new HashMap<>();
  private Share share;

  public SchedulerCore(String zone) {
    this.share = Share.all(zone);
  }

  /** What placements are decided on. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** The live zones changed: pods change hands. */
  public void share(Share now, long nowMillis) {
    if (now.equals(share)) {
      return;
    }
    share = now;
    pending.values().forEach(pod -> offer(pod, false, nowMillis));
  }

  /** A node as it is now; null JSON when it is gone. */
  public void nodeChanged(String name, JsonNode after, long nowMillis) {
    if (after == null) {
      snapshot.nodeRemoved(name);
      return;
    }
    NodeSpec before = snapshot.node(name) == null ? null : snapshot.node(name).spec();
    NodeSpec now = NodeSpec.of(after);
    if (!now.equals(before)) {
      snapshot.node(now);
      queue.happened(new ClusterEvent.NodeChanged(before, now), nowMillis);
    }
  }

  /** A claim, volume or storage class changed; call after the snapshot's volumes know. */
  public List<Effect> storageChanged(long nowMillis) {
    queue.happened(new ClusterEvent.StorageChanged(), nowMillis);
    List<Effect> effects = new ArrayList<>();
    for (PodInfo pod : List.copyOf(waitingForVolumes.values())) {
      if (pod.claims().stream().allMatch(c -> isServed(pod, c.name()))) {
        waitingForVolumes.remove(pod.uid());
        effects.add(new Effect.Bind(pod, pod.nodeName()));
      }
    }
    return effects;
  }

  private boolean isServed(PodInfo pod, String claim) {
    var found = snapshot.volumes().claim(pod.namespace(), claim);
    return found != null && found.isBound();
  }

  /** A pod as it is now. */
  public void podChanged(JsonNode after, long nowMillis) {
    PodInfo pod = PodInfo.of(after, shapes.of(after));
    if (pod.isFinished()) {
      forget(pod, nowMillis);
    } else if (pod.isBound()) {
      bound(pod, nowMillis);
    } else {
      waiting(pod, nowMillis);
    }
  }

  /** A pod is gone. */
  public void podRemoved(JsonNode last, long nowMillis) {
    forget(PodInfo.of(last, shapes.of(last)), nowMillis);
  }

  private void forget(PodInfo pod, long nowMillis) {
    pending.remove(pod.uid());
    queue.remove(pod.uid());
    assumed.remove(pod.uid());
    waitingForVolumes.remove(pod.uid());
    snapshot.nominate(pod, "");
    if (snapshot.remove(pod.uid()) || !pod.nominatedNode().isEmpty()) {
      queue.happened(new ClusterEvent.PodGone(pod), nowMillis);
    }
  }

  private void bound(PodInfo pod, long nowMillis) {
    pending.remove(pod.uid());
    queue.remove(pod.uid());
    assumed.remove(pod.uid());
    waitingForVolumes.remove(pod.uid());
    snapshot.nominate(pod, "");
    PodInfo before = snapshot.placed(pod.uid());
    boolean isNews =
        before == null
            || !before.nodeName().equals(pod.nodeName())
            || !before.shape().equals(pod.shape())
            || before.isTerminating() != pod.isTerminating();
    if (isNews || before.priority() != pod.priority()) {
      snapshot.place(pod);
    }
    if (isNews) {
      queue.happened(new ClusterEvent.PodPlaced(pod), nowMillis);
      if (before != null && !before.shape().demand().equals(pod.shape().demand())) {
        queue.happened(new ClusterEvent.PodGone(before), nowMillis);
      }
    }
  }

  private void waiting(PodInfo pod, long nowMillis) {
    if (assumed.containsKey(pod.uid())) {
      if (pod.isTerminating()) {
        pending.put(pod.uid(), pod);
      }
      return;
    }
    PodInfo before = pending.put(pod.uid(), pod);
    snapshot.nominate(pod, pod.nominatedNode());
    boolean isRelevant =
        before != null
            && (!before.shape().equals(pod.shape()) || !before.gates().equals(pod.gates()));
    offer(pod, isRelevant, nowMillis);
  }

  /** Queues the pod if it is this scheduler's to place. */
  private void offer(PodInfo pod, boolean isRelevant, long nowMillis) {
    boolean isMine =
        pod.schedulerName().equals(DEFAULT_NAME)
            && !pod.isTerminating()
            && pod.gates().isEmpty()
            && !assumed.containsKey(pod.uid())
            && share.holds(pod);
    if (isMine) {
      queue.add(pod, isRelevant, nowMillis);
    } else {
      queue.remove(pod.uid());
    }
  }

  /** Decides about the next pod; empty when none is ready. */
  public Optional<List<Effect>> next(long nowMillis, long seed) {
    return queue.take(nowMillis).map(pod -> decide(pod, nowMillis, seed));
  }

  private List<Effect> decide(PodInfo pod, long nowMillis, long seed) {
    return switch (placer.place(pod, seed)) {
      case Placement.Placed placed -> List.of(assume(pod, placed));
      case Placement.NoFit(Diagnosis diagnosis) -> refuse(pod, diagnosis, nowMillis, seed);
    };
  }

  private Effect assume(PodInfo pod, Placement.Placed placed) {
    PodInfo there = pod.on(placed.node());
    snapshot.nominate(pod, "");
    snapshot.place(there);
    assumed.put(pod.uid(), there);
    if (placed.volumes().isNothing()) {
      return new Effect.Bind(there, placed.node());
    }
    waitingForVolumes.put(pod.uid(), there);
    return new Effect.ServeVolumes(there, placed.node(), placed.volumes());
  }

  private List<Effect> refuse(PodInfo pod, Diagnosis diagnosis, long nowMillis, long seed) {
    Preemption.Result result =
        diagnosis.allNodes() == 0
            ? new Preemption.Result.Hopeless("")
            : placer.preempt(pod, diagnosis, seed);
    queue.park(pod.uid(), diagnosis.plugins(), nowMillis);
    String message = diagnosis.message(result.message());
    List<Effect> effects = new ArrayList<>();
    switch (result) {
      case Preemption.Result.Found found -> {
        nominate(pod, found.node());
        effects.add(new Effect.Report(pod, message, found.node()));
        lessImportantOn(found.node(), pod)
            .forEach(
                p -> {
                  nominate(p, "");
                  effects.add(new Effect.ClearNomination(p));
                });
        effects.add(new Effect.Evict(pod, found.node(), found.victims()));
      }
      case Preemption.Result.Hopeless ignored -> {
        nominate(pod, "");
        effects.add(new Effect.Report(pod, message, ""));
      }
      case Preemption.Result.NotEligible ignored ->
          effects.add(new Effect.Report(pod, message, pod.nominatedNode()));
    }
    return effects;
  }

  private void nominate(PodInfo pod, String node) {
    PodInfo nominated = pod.nominatedTo(node);
    pending.put(pod.uid(), nominated);
    snapshot.nominate(nominated, node);
    if (queue.contains(pod.uid())) {
      queue.add(nominated, false, 0);
    }
  }

  private List<PodInfo> lessImportantOn(String node, PodInfo pod) {
    return snapshot.nominatedTo(node).stream().filter(p -> p.priority() < pod.priority()).toList();
  }

  /**
   * The binding was refused, or volumes could not be served: room is given back, and again soon.
   */
  public void refused(PodInfo pod, long nowMillis) {
    if (assumed.remove(pod.uid()) == null) {
      return;
    }
    waitingForVolumes.remove(pod.uid());
    snapshot.remove(pod.uid());
    queue.happened(new ClusterEvent.PodGone(pod), nowMillis);
    PodInfo known = pending.get(pod.uid());
    if (known != null) {
      offer(known, false, nowMillis);
      queue.retry(pod.uid(), nowMillis);
    } else {
      queue.remove(pod.uid());
    }
  }

  /** Gives long-parked pods another chance. */
  public void flush(long nowMillis) {
    queue.flush(nowMillis);
  }

  /** When something becomes ready by itself. */
  public Optional<Long> nextMillis() {
    return queue.nextMillis();
  }

  public PodQueue queue() {
    return queue;
  }

  /** What each node says about a pod. */
  public Map<String, List<String>> why(JsonNode pod) {
    return placer.explain(PodInfo.of(pod, shapes.of(pod)));
  }
}
