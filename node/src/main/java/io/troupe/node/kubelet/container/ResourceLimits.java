package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.pod.QosClass;
import io.troupe.node.runtime.cri.Cri;
import java.math.BigDecimal;
import java.util.List;

/** CPU shares and quota, memory limit and OOM score, from requests and limits. */
public final class ResourceLimits {
  public static final long CPU_PERIOD_MICROS = 100_000;
  private static final long QUOTA_MICROS_MIN = 1_000;
  private static final long SHARES_MIN = 2;
  private static final long SHARES_MAX = 262_144;
  private static final int OOM_GUARANTEED = -997;
  private static final int OOM_BEST_EFFORT = 1_000;
  private static final List<String> CRITICAL =
      List.of("system-node-critical", "system-cluster-critical");

  private ResourceLimits() {}

  public static long shares(BigDecimal cores) {
    long shares = Amounts.millis(cores) * 1024 / 1000;
    return cores.signum() == 0 ? SHARES_MIN : Math.clamp(shares, SHARES_MIN, SHARES_MAX);
  }

  /** Microseconds per period, 0 for no limit. */
  public static long quota(BigDecimal cores) {
    return cores.signum() == 0
        ? 0
        : Math.max(QUOTA_MICROS_MIN, Amounts.millis(cores) * CPU_PERIOD_MICROS / 1000);
  }

  static Cri.LinuxContainerResources of(JsonNode pod, JsonNode container, NodeFacts node) {
    BigDecimal cpuLimit = limit(pod, container, "cpu");
    BigDecimal memoryLimit = limit(pod, container, "memory");
    boolean requested = !Json.at(container, "resources", "requests", "cpu").isMissingNode();
    BigDecimal cpuRequest = requested ? Amounts.of(container, "requests", "cpu") : cpuLimit;
    return Cri.LinuxContainerResources.newBuilder()
        .setCpuShares(shares(cpuRequest))
        .setCpuPeriod(CPU_PERIOD_MICROS)
        .setCpuQuota(quota(cpuLimit))
        .setMemoryLimitInBytes(Amounts.units(memoryLimit))
        .setOomScoreAdj(oomScore(pod, container, node.memoryCapacity()))
        .build();
  }

  private static BigDecimal limit(JsonNode pod, JsonNode container, String resource) {
    BigDecimal own = Amounts.of(container, "limits", resource);
    return own.signum() == 0 ? Amounts.of(Json.at(pod, "spec"), "limits", resource) : own;
  }

  /** Containers that use more than they asked for, in proportion to the node, are killed first. */
  static int oomScore(JsonNode pod, JsonNode container, long memoryCapacity) {
    if (CRITICAL.contains(Json.text(pod, "spec", "priorityClassName"))) {
      return OOM_GUARANTEED;
    }
    return switch (QosClass.of(pod)) {
      case GUARANTEED -> OOM_GUARANTEED;
      case BEST_EFFORT -> OOM_BEST_EFFORT;
      case BURSTABLE -> burstable(pod, container, memoryCapacity);
    };
  }

  private static int burstable(JsonNode pod, JsonNode container, long memoryCapacity) {
    long request = Amounts.units(Amounts.of(container, "requests", "memory"));
    long score = 1000 - (1000 * request) / Math.max(1, memoryCapacity);
    if (PodSpec.isSidecar(container)) {
      // A sidecar must outlive the main containers.
      for (JsonNode main : PodSpec.containers(pod)) {
        score = Math.min(score, burstable(pod, main, memoryCapacity));
      }
    }
    return (int) Math.clamp(score, 1000 + OOM_GUARANTEED, OOM_BEST_EFFORT - 1L);
  }
}
