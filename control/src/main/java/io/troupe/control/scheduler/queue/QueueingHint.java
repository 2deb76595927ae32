package io.troupe.control.scheduler.queue;

import io.troupe.control.allocation.Demand;
import io.troupe.control.scheduler.model.AffinityTerm;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.Taint;
import io.troupe.control.scheduler.place.Plugin;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Whether an event might undo what a rule objected to (KEP-4247). When in doubt, yes. */
final class QueueingHint {
  private QueueingHint() {}

  static boolean mayHelp(Plugin plugin, PodInfo waiting, ClusterEvent event) {
    return switch (event) {
      case ClusterEvent.NodeChanged(NodeSpec before, NodeSpec after) ->
          nodeHelps(plugin, waiting.shape(), before, after);
      case ClusterEvent.PodGone(PodInfo gone) -> goneHelps(plugin, waiting, gone);
      case ClusterEvent.PodPlaced(PodInfo placed) -> placedHelps(plugin, waiting, placed);
      case ClusterEvent.StorageChanged ignored ->
          plugin == Plugin.VOLUME_BINDING
              || plugin == Plugin.VOLUME_ZONE
              || plugin == Plugin.VOLUME_RESTRICTIONS;
    };
  }

  private static boolean nodeHelps(Plugin plugin, PodShape pod, NodeSpec before, NodeSpec after) {
    return switch (plugin) {
      case NODE_UNSCHEDULABLE ->
          becomes(before, after, n -> !n.isUnschedulable() || pod.tolerates(Taint.UNSCHEDULABLE));
      case TAINT_TOLERATION -> becomes(before, after, pod::toleratesHardTaintsOf);
      case NODE_AFFINITY -> becomes(before, after, n -> pod.nodes().matches(n));
      case NODE_RESOURCES_FIT -> hasMore(pod.demand(), before, after);
      case NODE_PORTS -> before == null;
      case VOLUME_BINDING, VOLUME_ZONE, POD_TOPOLOGY_SPREAD, INTER_POD_AFFINITY ->
          before == null
              || !before.labels().equals(after.labels())
              || !Objects.equals(before.taints(), after.taints());
      case VOLUME_RESTRICTIONS, SCHEDULING_GATES -> false;
    };
  }

  private static boolean becomes(NodeSpec before, NodeSpec after, Predicate<NodeSpec> good) {
    return good.test(after) && (before == null || !good.test(before));
  }

  private static boolean hasMore(Demand want, NodeSpec before, NodeSpec after) {
    Demand has = after.allocatable();
    boolean fits =
        want.cpuMillis() <= has.cpuMillis()
            && want.memoryBytes() <= has.memoryBytes()
            && want.storageBytes() <= has.storageBytes()
            && want.others().entrySet().stream()
                .allMatch(e -> e.getValue() <= has.others().getOrDefault(e.getKey(), 0L));
    if (!fits || before == null) {
      return fits;
    }
    Demand had = before.allocatable();
    return after.pods() > before.pods()
        || has.cpuMillis() > had.cpuMillis()
        || has.memoryBytes() > had.memoryBytes()
        || has.storageBytes() > had.storageBytes()
        || !has.others().equals(had.others());
  }

  private static boolean goneHelps(Plugin plugin, PodInfo waiting, PodInfo gone) {
    return switch (plugin) {
      case NODE_RESOURCES_FIT -> true;
      case NODE_PORTS ->
          waiting.shape().ports().stream()
              .anyMatch(w -> gone.shape().ports().stream().anyMatch(w::collidesWith));
      case POD_TOPOLOGY_SPREAD -> spreads(waiting, gone);
      case INTER_POD_AFFINITY ->
          mentions(waiting.shape().affinities().requiredAnti(), gone)
              || mentions(gone.shape().affinities().requiredAnti(), waiting);
      case VOLUME_RESTRICTIONS -> !gone.claims().isEmpty();
      case NODE_UNSCHEDULABLE,
          TAINT_TOLERATION,
          NODE_AFFINITY,
          VOLUME_BINDING,
          VOLUME_ZONE,
          SCHEDULING_GATES ->
          false;
    };
  }

  private static boolean placedHelps(Plugin plugin, PodInfo waiting, PodInfo placed) {
    return switch (plugin) {
      case POD_TOPOLOGY_SPREAD -> spreads(waiting, placed);
      case INTER_POD_AFFINITY -> mentions(waiting.shape().affinities().required(), placed);
      default -> false;
    };
  }

  private static boolean spreads(PodInfo waiting, PodInfo other) {
    return waiting.namespace().equals(other.namespace())
        && waiting.shape().spread().stream()
            .anyMatch(c -> c.selector().matches(other.shape().labels()));
  }

  /** Namespace labels are not looked up: a namespace selector counts as a match. */
  private static boolean mentions(List<AffinityTerm> terms, PodInfo other) {
    return terms.stream()
        .anyMatch(
            t ->
                t.namespaceSelector().matchesNothing()
                    ? t.matches(other.namespace(), Map.of(), other.shape().labels())
                    : t.selector().matches(other.shape().labels()));
  }
}
