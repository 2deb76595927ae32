package io.troupe.control.scheduler.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** Puts nodes in an order in which zones take turns, so that any stretch of it spans the zones. */
final class NodeOrder {
  private NodeOrder() {}

  static NodeInfo[] interleaved(Collection<NodeInfo> nodes) {
    TreeMap<String, List<NodeInfo>> zones = new TreeMap<>();
    for (NodeInfo node : nodes) {
      if (node.spec() != null) {
        String zone = node.spec().labels().getOrDefault(Topology.ZONE, "");
        zones.computeIfAbsent(zone, z -> new ArrayList<>()).add(node);
      }
    }
    List<NodeInfo> order = new ArrayList<>();
    boolean isMore = true;
    for (int turn = 0; isMore; turn++) {
      isMore = false;
      for (List<NodeInfo> zone : zones.values()) {
        if (turn < zone.size()) {
          order.add(zone.get(turn));
          isMore = true;
        }
      }
    }
    return order.toArray(NodeInfo[]::new);
  }
}
