package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.snapshot.NodeInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why a pod fits nowhere: the histogram of reasons, the rules behind them, who might yet help. */
public final class Diagnosis {
  private final int allNodes;
  private final String beforehand;
  private final Map<String, Integer> reasons = new HashMap<>();
  private final Set<Plugin> plugins = EnumSet.noneOf(Plugin.class);
  private final List<NodeInfo> resolvable = new ArrayList<>();

  private Diagnosis(int allNodes, String beforehand) {
    this.allNodes = allNodes;
    this.beforehand = beforehand;
  }

  static Diagnosis of(int allNodes) {
    return new Diagnosis(allNodes, "");
  }

  /** No node was looked at, for this reason. */
  static Diagnosis beforehand(int allNodes, Plugin plugin, String reason) {
    Diagnosis diagnosis = new Diagnosis(allNodes, reason);
    diagnosis.plugins.add(plugin);
    return diagnosis;
  }

  void add(NodeInfo node, Rejection rejection) {
    add(rejection, 1);
    if (rejection.isResolvable()) {
      resolvable.add(node);
    }
  }

  void add(Rejection rejection, int nodes) {
    if (nodes > 0) {
      rejection.reasons().forEach(r -> reasons.merge(r, nodes, Integer::sum));
      plugins.add(rejection.plugin());
    }
  }

  public int allNodes() {
    return allNodes;
  }

  public Set<Plugin> plugins() {
    return plugins.isEmpty() ? Set.of() : EnumSet.copyOf(plugins);
  }

  /** Nodes on which preemption might help. */
  List<NodeInfo> resolvable() {
    return Collections.unmodifiableList(resolvable);
  }

  /** {@code 0/3 nodes are available: 1 Insufficient cpu, 2 …. preemption: …} */
  public String message(String preemption) {
    if (allNodes == 0) {
      return "no nodes available to schedule pods";
    }
    StringBuilder message = new StringBuilder("0/" + allNodes + " nodes are available:");
    if (!beforehand.isEmpty()) {
      message.append(' ').append(beforehand).append('.');
    } else if (!reasons.isEmpty()) {
      message.append(' ').append(histogram(reasons)).append('.');
    }
    return preemption.isEmpty() ? message.toString() : message + " " + preemption;
  }

  static String histogram(Map<String, Integer> reasons) {
    List<String> parts = new ArrayList<>();
    reasons.forEach((reason, count) -> parts.add(count + " " + reason));
    Collections.sort(parts);
    return String.join(", ", parts);
  }
}
