package io.troupe.node.kubelet.cgroup;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.container.Amounts;
import io.troupe.node.kubelet.container.PodResources;
import io.troupe.node.kubelet.container.ResourceLimits;
import io.troupe.node.kubelet.pod.QosClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Makes and removes pods' cgroups. */
public final class Cgroups {
  private static final Path FS = Path.of("/sys/fs/cgroup");
  private static final List<String> V1_CONTROLLERS =
      List.of(
          "cpu",
          "cpuacct",
          "cpuset",
          "memory",
          "devices",
          "freezer",
          "blkio",
          "pids",
          "hugetlb",
          "net_cls",
          "net_prio",
          "perf_event",
          "systemd");

  private final String root;
  private final boolean unified = Files.exists(FS.resolve("cgroup.controllers"));

  /**
   * Cgroups below a root of their own.
   *
   * @param root for example {@code /kubepods} or {@code /troupe-n1/kubepods}
   */
  public Cgroups(String root) {
    this.root = root;
  }

  /** The path that the runtime is given as parent of a pod's containers. */
  public String parent(JsonNode pod) {
    String qos =
        switch (QosClass.of(pod)) {
          case GUARANTEED -> "";
          case BURSTABLE, BEST_EFFORT -> "/" + QosClass.of(pod).text().toLowerCase(Locale.ROOT);
        };
    return root + qos + "/pod" + Meta.uid(pod);
  }

  /** Makes the pod's cgroup with its limits. Idempotent. */
  public void create(JsonNode pod) {
    String parent = parent(pod);
    BigDecimal requests = PodResources.total(pod, "requests", "cpu");
    BigDecimal cpu = PodResources.totalLimit(pod, "cpu");
    long memory = Amounts.units(PodResources.totalLimit(pod, "memory"));
    try {
      if (unified) {
        createUnified(parent, requests, cpu, memory);
      } else {
        createV1(parent, requests, cpu, memory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make cgroup " + parent, e);
    }
  }

  private void createV1(String parent, BigDecimal requests, BigDecimal cpu, long memory)
      throws IOException {
    for (String controller : V1_CONTROLLERS) {
      Path tree = FS.resolve(controller);
      if (Files.isDirectory(tree) && !Files.isSymbolicLink(tree)) {
        makeTree(tree, parent, controller.equals("cpuset"));
      }
    }
    Path cpuDir = FS.resolve("cpu" + parent);
    set(cpuDir.resolve("cpu.shares"), ResourceLimits.shares(requests));
    if (cpu.signum() > 0) {
      set(cpuDir.resolve("cpu.cfs_period_us"), ResourceLimits.CPU_PERIOD_MICROS);
      set(cpuDir.resolve("cpu.cfs_quota_us"), ResourceLimits.quota(cpu));
    }
    if (memory > 0) {
      set(FS.resolve("memory" + parent).resolve("memory.limit_in_bytes"), memory);
    }
  }

  private static void makeTree(Path tree, String path, boolean cpuset) throws IOException {
    Path here = tree;
    for (Path name : Path.of(path)) {
      Path above = here;
      here = here.resolve(name);
      if (!Files.isDirectory(here)) {
        Files.createDirectory(here);
      }
      if (cpuset) {
        // A new cpuset is empty, and nothing can run in it.
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
          if (Files.readString(here.resolve(file)).isBlank()) {
            Files.writeString(here.resolve(file), Files.readString(above.resolve(file)));
          }
        }
      }
    }
  }

  private void createUnified(String parent, BigDecimal requests, BigDecimal cpu, long memory)
      throws IOException {
    Path here = FS;
    for (Path name : Path.of(parent)) {
      enable(here);
      here = here.resolve(name);
      if (!Files.isDirectory(here)) {
        Files.createDirectory(here);
      }
    }
    enable(here);
    long shares = ResourceLimits.shares(requests);
    set(here.resolve("cpu.weight"), 1 + ((shares - 2) * 9999) / 262_142);
    if (cpu.signum() > 0) {
      Files.writeString(
          here.resolve("cpu.max"),
          ResourceLimits.quota(cpu) + " " + ResourceLimits.CPU_PERIOD_MICROS);
    }
    if (memory > 0) {
      set(here.resolve("memory.max"), memory);
    }
  }

  /** Passes every controller that this group has on to its children. */
  private static void enable(Path group) throws IOException {
    for (String controller : Files.readString(group.resolve("cgroup.controllers")).split("\\s+")) {
      if (!controller.isEmpty()) {
        Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
      }
    }
  }

  private static void set(Path file, long value) throws IOException {
    Files.writeString(file, Long.toString(value));
  }

  /**
   * Removes the pod's cgroup in every tree, whatever its quality of service was; what still holds a
   * process stays for the next try.
   */
  public void remove(String podUid) {
    List<Path> trees = unified ? List.of(FS) : V1_CONTROLLERS.stream().map(FS::resolve).toList();
    for (Path tree : trees) {
      for (String qos : List.of("", "/burstable", "/besteffort")) {
        Path dir = Path.of(tree + root + qos + "/pod" + podUid);
        if (Files.isDirectory(dir) && !Files.isSymbolicLink(tree)) {
          removeTree(dir);
        }
      }
    }
  }

  private static void removeTree(Path dir) {
    try (var walk = Files.walk(dir)) {
      for (Path group :
          walk.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(group);
      }
    } catch (IOException | UncheckedIOException e) {
      org.slf4j.LoggerFactory.getLogger(Cgroups.class)
          .debug("cgroup {} stays: {}", dir, e.toString());
    }
  }
}
