package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.AffinityTerm;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.snapshot.DomainCounter;
import io.troupe.control.scheduler.snapshot.ExistingTerms;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;
import io.troupe.control.scheduler.snapshot.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shape's pod affinities, and those of placed pods that concern it (InterPodAffinity). */
final class AffinityPlan implements AutoCloseable {
  /** Upstream's {@code hardPodAffinityWeight}. */
  private static final int PULL = 1;

  private static final Rejection NO_FRIENDS =
      Rejection.of(Plugin.INTER_POD_AFFINITY, "node(s) didn't match pod affinity rules");
  private static final Rejection FOES =
      Rejection.resolvable(
          Plugin.INTER_POD_AFFINITY, "node(s) didn't match pod anti-affinity rules");
  private static final Rejection UNWANTED =
      Rejection.resolvable(
          Plugin.INTER_POD_AFFINITY, "node(s) didn't satisfy existing pods anti-affinity rules");

  /** A weight for each pod that a counter counts in the node's domain. */
  record Weighted(DomainCounter counter, int weight) {}

  private final List<DomainCounter> friends = new ArrayList<>(0);
  private final List<DomainCounter> foes = new ArrayList<>(0);
  private final List<DomainCounter> unwanting = new ArrayList<>(0);
  private final List<Weighted> weighted = new ArrayList<>(0);
  private final boolean isOwnFriend;

  AffinityPlan(Snapshot snapshot, PodShape shape) {
    PodShape.Affinities own = shape.affinities();
    Map<String, String> namespaceLabels = snapshot.namespaceLabels(shape.namespace());
    for (AffinityTerm term : own.required()) {
      friends.add(snapshot.count(unweighted(own.required()), term.topologyKey()));
    }
    isOwnFriend =
        own.required().stream()
            .allMatch(t -> t.matches(shape.namespace(), namespaceLabels, shape.labels()));
    own.requiredAnti().forEach(t -> foes.add(one(snapshot, t)));
    own.preferred().forEach(t -> weighted.add(new Weighted(one(snapshot, t), t.weight())));
    own.preferredAnti().forEach(t -> weighted.add(new Weighted(one(snapshot, t), -t.weight())));
    for (ExistingTerms.Held held : snapshot.terms().matching(shape, namespaceLabels)) {
      DomainCounter holders = snapshot.count(held);
      switch (held.effect()) {
        case FORBIDS -> unwanting.add(holders);
        case PULLS -> weighted.add(new Weighted(holders, PULL));
        case PREFERS -> weighted.add(new Weighted(holders, held.term().weight()));
        case REPELS -> weighted.add(new Weighted(holders, -held.term().weight()));
      }
    }
  }

  private static DomainCounter one(Snapshot snapshot, AffinityTerm term) {
    return snapshot.count(unweighted(List.of(term)), term.topologyKey());
  }

  /** Terms that differ in weight or topology alone count the same pods. */
  private static List<AffinityTerm> unweighted(List<AffinityTerm> terms) {
    return terms.stream()
        .map(t -> new AffinityTerm(t.namespaces(), t.namespaceSelector(), t.selector(), "", 0))
        .toList();
  }

  List<Weighted> weighted() {
    return weighted;
  }

  /** Null when the node's domains hold the right company. */
  Rejection check(NodeInfo node, Trial trial) {
    if (!friends.isEmpty() && !hasFriends(node, trial)) {
      return NO_FRIENDS;
    }
    for (DomainCounter foe : foes) {
      if (isNear(foe, node, trial)) {
        return FOES;
      }
    }
    for (DomainCounter holders : unwanting) {
      if (isNear(holders, node, trial)) {
        return UNWANTED;
      }
    }
    return null;
  }

  private static boolean isNear(DomainCounter counter, NodeInfo node, Trial trial) {
    int domain = counter.domain(node);
    return domain != Topology.NONE && counter.count(domain) + trial.delta(counter.pods()) > 0;
  }

  private boolean hasFriends(NodeInfo node, Trial trial) {
    boolean areAllNear = true;
    for (DomainCounter friend : friends) {
      if (friend.domain(node) == Topology.NONE) {
        return false;
      }
      areAllNear &= isNear(friend, node, trial);
    }
    return areAllNear || (isOwnFriend && areNowhere(trial));
  }

  /** The first of a group that wants to be together may go anywhere. */
  private boolean areNowhere(Trial trial) {
    return friends.stream().allMatch(f -> f.sum() + trial.delta(f.pods()) <= 0);
  }

  @Override
  public void close() {
    friends.forEach(DomainCounter::close);
    foes.forEach(DomainCounter::close);
    unwanting.forEach(DomainCounter::close);
    weighted.forEach(w -> w.counter().close());
  }
}
