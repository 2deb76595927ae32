package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.scheduler.queue.Effect;
import io.troupe.control.scheduler.queue.SchedulerCore;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Pods per second and CPU per pod of the core alone, parsing of changes included, without API. Run
 * by hand: {@code PlacementBench [nodes] [pods]}.
 */
public final class PlacementBench {
  private PlacementBench() {}

  private enum Workload {
    BASIC(""),
    SPREAD(
        "'topologySpreadConstraints':[{'maxSkew':5,'topologyKey':'topology.kubernetes.io/zone','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'p'}}}]"),
    SOFT_SPREAD(
        "'topologySpreadConstraints':[{'maxSkew':5,'topologyKey':'topology.kubernetes.io/zone','whenUnsatisfiable':'ScheduleAnyway','labelSelector':{'matchLabels':{'app':'p'}}}]"),
    HOST_SPREAD(
        "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'kubernetes.io/hostname','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'p'}}}]"),
    AFFINITY(
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'topology.kubernetes.io/zone','labelSelector':{'matchLabels':{'app':'p'}}}]}}"),
    ANTI_AFFINITY(
        "'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'kubernetes.io/hostname','labelSelector':{'matchLabels':{'app':'p'}}}]}}"),
    PREFERRED_AFFINITY(
        "'affinity':{'podAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':1,'podAffinityTerm':{'topologyKey':'kubernetes.io/hostname','labelSelector':{'matchLabels':{'app':'p'}}}}]}}"),
    NODE_AFFINITY(
        "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'topology.kubernetes.io/zone','operator':'In','values':['z0','z1']}]}]}}}"),
    UNSCHEDULABLE("'nodeSelector':{'no':'such'}");

    final String spec;

    Workload(String spec) {
      this.spec = spec;
    }
  }

  public static void main(String[] args) {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
    int pods = args.length > 1 ? Integer.parseInt(args[1]) : 10000;
    for (int round = 0; round < 2; round++) {
      for (Workload workload : Workload.values()) {
        run(workload, nodes, workload == Workload.ANTI_AFFINITY ? Math.min(pods, nodes) : pods);
      }
    }
  }

  private static void run(Workload workload, int nodes, int pods) {
    SchedulerCore core = new SchedulerCore("a");
    for (int i = 0; i < nodes; i++) {
      core.nodeChanged("n" + i, Objects.node("n" + i, "z" + i % 3, "32", "64Gi", 110), 0);
    }
    byte[][] bodies = new byte[pods][];
    for (int i = 0; i < pods; i++) {
      bodies[i] = Json.bytes(Objects.pod("p-" + i, "100m", "500Mi", workload.spec));
    }
    long start = System.nanoTime();
    long cpu = threadCpuNanos();
    long worst = 0;
    int placed = 0;
    for (int i = 0; i < pods; i++) {
      ObjectNode pod = Json.parse(bodies[i]);
      long one = System.nanoTime();
      core.podChanged(pod, i);
      Optional<List<Effect>> effects = core.next(i, i);
      if (effects.isPresent() && effects.get().getFirst() instanceof Effect.Bind bind) {
        core.podChanged(Objects.bound(pod, bind.node()), i);
        placed++;
      }
      worst = Math.max(worst, System.nanoTime() - one);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = (threadCpuNanos() - cpu) / 1e3 / pods;
    System.out.printf(
        Locale.ROOT,
        "%-20s %6d nodes %6d pods (%6d placed) %9.0f pods/s %8.1f us CPU/pod, worst %.1f ms%n",
        workload,
        nodes,
        pods,
        placed,
        pods / seconds,
        micros,
        worst / 1e6);
  }

  private static long threadCpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
