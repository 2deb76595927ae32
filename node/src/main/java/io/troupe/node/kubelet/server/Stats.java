package io.troupe.node.kubelet.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What containers and the node use, as the stats summary and as Prometheus text. */
final class Stats {
  private static final long CLOCK_TICK_NANOS = 10_000_000;

  private record Sample(long time, long cpuNanos) {}

  private final String nodeName;
  private final ContainerRuntime runtime;
  private final Clock clock;
  private final Instant started;
  private final Map<String, Sample> samples = new HashMap<>();

  Stats(String nodeName, ContainerRuntime runtime, Clock clock) {
    this.nodeName = nodeName;
    this.runtime = runtime;
    this.clock = clock;
    this.started = clock.instant();
  }

  private String now() {
    return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  /** Cores in billionths since the last time somebody asked. */
  private synchronized long rate(String key, long timeNanos, long cpuNanos) {
    Sample before = samples.put(key, new Sample(timeNanos, cpuNanos));
    return before == null || timeNanos <= before.time()
        ? 0
        : Math.max(
            0, (cpuNanos - before.cpuNanos()) * 1_000_000_000L / (timeNanos - before.time()));
  }

  ObjectNode summary(List<ObjectNode> pods) {
    ObjectNode summary = Json.object();
    ObjectNode node = summary.putObject("node").put("nodeName", nodeName);
    node.put("startTime", started.toString());
    long cpu = nodeCpuNanos();
    cpu(node, "node", clock.millis() * 1_000_000L, cpu);
    long available = meminfo("MemAvailable");
    node.putObject("memory")
        .put("time", now())
        .put("availableBytes", available)
        .put("usageBytes", meminfo("MemTotal") - meminfo("MemFree"))
        .put("workingSetBytes", meminfo("MemTotal") - available);
    ArrayNode list = summary.putArray("pods");
    List<Cri.ContainerStats> all = runtime.containerStats();
    pods.forEach(pod -> pod(list.addObject(), pod, all));
    return summary;
  }

  private void pod(ObjectNode shown, ObjectNode pod, List<Cri.ContainerStats> all) {
    shown
        .putObject("podRef")
        .put("name", Meta.name(pod))
        .put("namespace", Meta.namespace(pod))
        .put("uid", Meta.uid(pod));
    shown.put("startTime", Json.text(pod, "status", "startTime"));
    ArrayNode containers = shown.putArray("containers");
    long cpu = 0;
    long memory = 0;
    for (Cri.ContainerStats stats : all) {
      if (!Meta.uid(pod).equals(stats.getAttributes().getLabelsMap().get(PodLabels.POD_UID))) {
        continue;
      }
      ObjectNode container =
          containers.addObject().put("name", stats.getAttributes().getMetadata().getName());
      cpu(container, stats.getAttributes().getId(), stats.getCpu().getTimestamp(), cpuNanos(stats));
      container
          .putObject("memory")
          .put("time", now())
          .put("usageBytes", stats.getMemory().getUsageBytes().getValue())
          .put("workingSetBytes", workingSet(stats));
      container
          .putObject("rootfs")
          .put("time", now())
          .put("usedBytes", stats.getWritableLayer().getUsedBytes().getValue())
          .put("inodesUsed", stats.getWritableLayer().getInodesUsed().getValue());
      cpu += cpuNanos(stats);
      memory += workingSet(stats);
    }
    cpu(shown, "pod " + Meta.uid(pod), clock.millis() * 1_000_000L, cpu);
    shown.putObject("memory").put("time", now()).put("workingSetBytes", memory);
  }

  private void cpu(ObjectNode into, String key, long timeNanos, long nanos) {
    into.putObject("cpu")
        .put("time", now())
        .put("usageNanoCores", rate(key, timeNanos, nanos))
        .put("usageCoreNanoSeconds", nanos);
  }

  private static long cpuNanos(Cri.ContainerStats stats) {
    return stats.getCpu().getUsageCoreNanoSeconds().getValue();
  }

  private static long workingSet(Cri.ContainerStats stats) {
    return stats.getMemory().getWorkingSetBytes().getValue();
  }

  private static long meminfo(String name) {
    return lines("/proc/meminfo").stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** Everything but idle and waiting. */
  private static long nodeCpuNanos() {
    String[] fields = lines("/proc/stat").getFirst().split("\\s+");
    long ticks = 0;
    for (int i = 1; i <= 8; i++) {
      ticks += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
    }
    return ticks * CLOCK_TICK_NANOS;
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / 1e9);
  }

  private static String labels(Cri.ContainerStats stats) {
    Map<String, String> labels = stats.getAttributes().getLabelsMap();
    return String.format(
        Locale.ROOT,
        "{container=\"%s\",namespace=\"%s\",pod=\"%s\"}",
        stats.getAttributes().getMetadata().getName(),
        labels.getOrDefault(PodLabels.POD_NAMESPACE, ""),
        labels.getOrDefault(PodLabels.POD_NAME, ""));
  }

  private static void type(StringBuilder out, String name, String type) {
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  String resource() {
    StringBuilder out = new StringBuilder();
    type(out, "node_cpu_usage_seconds_total", "counter");
    out.append("node_cpu_usage_seconds_total ").append(seconds(nodeCpuNanos())).append('\n');
    type(out, "node_memory_working_set_bytes", "gauge");
    long used = meminfo("MemTotal") - meminfo("MemAvailable");
    out.append("node_memory_working_set_bytes ").append(used).append('\n');
    containers(out);
    type(out, "resource_scrape_error", "gauge");
    return out.append("resource_scrape_error 0\n").toString();
  }

  private void containers(StringBuilder out) {
    List<Cri.ContainerStats> all = runtime.containerStats();
    type(out, "container_cpu_usage_seconds_total", "counter");
    for (Cri.ContainerStats s : all) {
      out.append("container_cpu_usage_seconds_total")
          .append(labels(s))
          .append(' ')
          .append(seconds(cpuNanos(s)))
          .append('\n');
    }
    type(out, "container_memory_working_set_bytes", "gauge");
    for (Cri.ContainerStats s : all) {
      out.append("container_memory_working_set_bytes")
          .append(labels(s))
          .append(' ')
          .append(workingSet(s))
          .append('\n');
    }
  }

  String cadvisor() {
    StringBuilder out = new StringBuilder();
    containers(out);
    return out.toString();
  }

  String kubelet() {
    StringBuilder out = new StringBuilder();
    type(out, "kubelet_node_name", "gauge");
    out.append("kubelet_node_name{node=\"").append(nodeName).append("\"} 1\n");
    type(out, "kubelet_running_pods", "gauge");
    long pods =
        runtime.sandboxes("").stream()
            .filter(s -> s.getState() == Cri.PodSandboxState.SANDBOX_READY)
            .count();
    out.append("kubelet_running_pods ").append(pods).append('\n');
    type(out, "kubelet_running_containers", "gauge");
    long running =
        runtime.containers("").stream()
            .filter(c -> c.getState() == Cri.ContainerState.CONTAINER_RUNNING)
            .count();
    return out.append("kubelet_running_containers{container_state=\"running\"} ")
        .append(running)
        .append('\n')
        .toString();
  }
}
