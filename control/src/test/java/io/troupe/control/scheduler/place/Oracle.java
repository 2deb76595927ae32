package io.troupe.control.scheduler.place;

import io.troupe.control.allocation.Demand;
import io.troupe.control.scheduler.model.AffinityTerm;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.SpreadConstraint;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The hard rules, written as their definitions say: over all pods, slowly. */
final class Oracle {
  private final Map<String, NodeSpec> nodes;
  private final Collection<PodInfo> placed;

  Oracle(Map<String, NodeSpec> nodes, Collection<PodInfo> placed) {
    this.nodes = nodes;
    this.placed = placed;
  }

  boolean allows(PodInfo pod, String nodeName) {
    NodeSpec node = nodes.get(nodeName);
    return pod.shape().nodes().matches(node)
        && pod.shape().toleratesHardTaintsOf(node)
        && hasRoom(pod, node)
        && isSpread(pod, node)
        && hasCompany(pod, node)
        && isApart(pod, node);
  }

  private List<PodInfo> on(String node) {
    return placed.stream().filter(p -> p.nodeName().equals(node)).toList();
  }

  private boolean hasRoom(PodInfo pod, NodeSpec node) {
    List<PodInfo> here = on(node.name());
    Demand sum = pod.shape().demand();
    for (PodInfo other : here) {
      sum = sum.plus(other.shape().demand());
    }
    Demand has = node.allocatable();
    boolean fits =
        here.size() < node.pods()
            && (pod.shape().demand().cpuMillis() == 0 || sum.cpuMillis() <= has.cpuMillis())
            && (pod.shape().demand().memoryBytes() == 0 || sum.memoryBytes() <= has.memoryBytes());
    return fits
        && here.stream()
            .flatMap(p -> p.shape().ports().stream())
            .noneMatch(p -> pod.shape().ports().stream().anyMatch(p::collidesWith));
  }

  private boolean isSpread(PodInfo pod, NodeSpec node) {
    List<SpreadConstraint> hard =
        pod.shape().spread().stream().filter(SpreadConstraint::isHard).toList();
    List<String> keys = hard.stream().map(SpreadConstraint::topologyKey).toList();
    if (!node.labels().keySet().containsAll(keys)) {
      return false;
    }
    for (SpreadConstraint constraint : hard) {
      Map<String, Integer> counts = new HashMap<>();
      for (NodeSpec each : nodes.values()) {
        if (each.labels().keySet().containsAll(keys)
            && (!constraint.honorsAffinity() || pod.shape().nodes().matches(each))
            && (!constraint.honorsTaints() || pod.shape().toleratesHardTaintsOf(each))) {
          int matching =
              (int)
                  on(each.name()).stream()
                      .filter(p -> p.namespace().equals(pod.namespace()) && !p.isTerminating())
                      .filter(p -> constraint.selector().matches(p.shape().labels()))
                      .count();
          counts.merge(each.labels().get(constraint.topologyKey()), matching, Integer::sum);
        }
      }
      int least =
          counts.size() < constraint.minDomains()
              ? 0
              : counts.values().stream().min(Integer::compare).orElse(Integer.MAX_VALUE);
      int here = counts.getOrDefault(node.labels().get(constraint.topologyKey()), 0);
      int self = constraint.selector().matches(pod.shape().labels()) ? 1 : 0;
      if ((long) here + self - least > constraint.maxSkew()) {
        return false;
      }
    }
    return true;
  }

  private boolean isNear(String key, NodeSpec node, Predicate<PodInfo> who) {
    String domain = node.labels().get(key);
    return domain != null
        && placed.stream()
            .filter(who)
            .anyMatch(p -> domain.equals(nodes.get(p.nodeName()).labels().get(key)));
  }

  private static boolean matches(AffinityTerm term, PodInfo pod) {
    return term.matches(pod.namespace(), Map.of(), pod.shape().labels());
  }

  private boolean hasCompany(PodInfo pod, NodeSpec node) {
    List<AffinityTerm> terms = pod.shape().affinities().required();
    Predicate<PodInfo> isFriend = p -> terms.stream().allMatch(t -> matches(t, p));
    if (!terms.stream().allMatch(t -> node.labels().containsKey(t.topologyKey()))) {
      return false;
    }
    return terms.stream().allMatch(t -> isNear(t.topologyKey(), node, isFriend))
        || (isFriend.test(pod)
            && terms.stream()
                .noneMatch(
                    t ->
                        placed.stream()
                            .filter(isFriend)
                            .anyMatch(
                                p ->
                                    nodes
                                        .get(p.nodeName())
                                        .labels()
                                        .containsKey(t.topologyKey()))));
  }

  private boolean isApart(PodInfo pod, NodeSpec node) {
    for (AffinityTerm term : pod.shape().affinities().requiredAnti()) {
      if (isNear(term.topologyKey(), node, p -> matches(term, p))) {
        return false;
      }
    }
    for (PodInfo other : placed) {
      for (AffinityTerm term : other.shape().affinities().requiredAnti()) {
        String there = nodes.get(other.nodeName()).labels().get(term.topologyKey());
        if (matches(term, pod)
            && there != null
            && there.equals(node.labels().get(term.topologyKey()))) {
          return false;
        }
      }
    }
    return true;
  }
}
