package io.troupe.control.scheduler.queue;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.place.Placement;
import java.util.List;

/** What the scheduler wants written. */
public sealed interface Effect {
  PodInfo pod();

  /** Bind the pod; the outcome comes back as {@code bound} or {@code refused}. */
  record Bind(PodInfo pod, String node) implements Effect {}

  /** Reserve or provision volumes, so that the pod can be bound later. */
  record ServeVolumes(PodInfo pod, String node, Placement.VolumeWork work) implements Effect {}

  /**
   * Tell the pod why it waits.
   *
   * @param nominatedNode where it will find room; "" for nowhere
   */
  record Report(PodInfo pod, String message, String nominatedNode) implements Effect {}

  /** Remove pods so that this one finds room. */
  record Evict(PodInfo pod, String node, List<PodInfo> victims) implements Effect {}

  /** Withdraw a nomination that a more important pod made void. */
  record ClearNomination(PodInfo pod) implements Effect {}
}
