package io.troupe.node.kubelet.work;

import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what changes in the runtime by listing it each second, and at once when it says that
 * something exited. Tells which pods changed, those too of which nothing is left.
 */
final class RuntimeWatcher implements AutoCloseable {
  /** A pod's things in the runtime: ids with their states, in order; and its labels. */
  record Seen(Set<String> things, Map<String, String> labels) {}

  private static final Logger LOG = LoggerFactory.getLogger(RuntimeWatcher.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final ContainerRuntime runtime;
  private final Consumer<Map<String, Seen>> onChange;
  private final Semaphore hints = new Semaphore(0);
  private final Thread thread;
  private final AutoCloseable exits;
  private Map<String, Seen> before = Map.of();

  /**
   * Starts to watch.
   *
   * @param onChange is told the changed pods by uid
   */
  RuntimeWatcher(ContainerRuntime runtime, Consumer<Map<String, Seen>> onChange) {
    this.runtime = runtime;
    this.onChange = onChange;
    this.exits = runtime.onExit(id -> hints.release());
    this.thread = Thread.ofVirtual().name("runtime watcher").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        compare();
        if (hints.tryAcquire(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
          // containerd's CRI part hears of the exit when we do: give it a moment to note it
          Thread.sleep(20);
          hints.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void compare() {
    Map<String, Seen> now = new HashMap<>();
    try {
      for (Cri.PodSandbox sandbox : runtime.sandboxes("")) {
        see(now, sandbox.getLabelsMap(), sandbox.getId() + sandbox.getState());
      }
      for (Cri.Container container : runtime.containers("")) {
        see(now, container.getLabelsMap(), container.getId() + container.getState());
      }
    } catch (RuntimeFault fault) {
      if (!fault.code().equals("Canceled")) {
        LOG.warn("the runtime cannot be listed: {}", fault.getMessage());
      }
      return;
    }
    Map<String, Seen> changed = new HashMap<>();
    Set<String> uids = new HashSet<>(now.keySet());
    uids.addAll(before.keySet());
    for (String uid : uids) {
      Seen seen = now.getOrDefault(uid, new Seen(Set.of(), Map.of()));
      if (!before.containsKey(uid) || !before.get(uid).things().equals(seen.things())) {
        changed.put(uid, seen);
      }
    }
    before = now;
    if (!changed.isEmpty()) {
      onChange.accept(changed);
    }
  }

  private static void see(Map<String, Seen> now, Map<String, String> labels, String thing) {
    String uid = labels.getOrDefault(PodLabels.POD_UID, "");
    if (!uid.isEmpty()) {
      now.computeIfAbsent(uid, u -> new Seen(new HashSet<>(), labels)).things().add(thing);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      exits.close();
    } catch (Exception e) {
      LOG.debug("the exit listener did not close: {}", e.toString());
    }
  }
}
