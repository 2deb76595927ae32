package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decision;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Supplier;

/**
 * How much CPU time one decision takes, on one thread: run {@code main} with the test class path.
 * Budgets: 60 µs for a ConfigMap of 1.3 KB, 150 µs for a pod, managed fields included.
 */
public final class DeciderBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 30_000;
  private static final int MEASURED = 30_000;

  private DeciderBenchmark() {}

  public static void main(String[] args) {
    String data = "'data':{'payload':'" + "x".repeat(1100) + "','b':'2'}";
    String body =
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'m','labels':{'app':'x'}},"
            + data
            + "}";
    Bench map = new Bench("v1", "ConfigMap", "m");
    var create = new Command.CreateObject(map.request("create", ""), Bench.bytes(body));
    measure("ConfigMap create", () -> decide(map, null, create));
    map.created(body);
    ObjectNode changed = map.current.deepCopy();
    Json.ensure(changed, "data").put("b", "3");
    var update = new Command.ReplaceObject(map.request("update", ""), Json.bytes(changed));
    measure("ConfigMap update", () -> decide(map, map.current, update));
    var patch =
        new Command.PatchObject(
            map.request("patch", ""), PatchType.MERGE, Bench.bytes("{'data':{'b':'4'}}"), false);
    measure("ConfigMap merge patch", () -> decide(map, map.current, patch));

    Bench pod = new Bench("v1", "Pod", "p");
    var createPod =
        new Command.CreateObject(pod.request("create", ""), Bench.bytes(PodDecisionTest.POD));
    measure("Pod create", () -> decide(pod, null, createPod));
    pod.created(PodDecisionTest.POD);
    ObjectNode running = pod.current.deepCopy();
    Json.ensure(running, "status").put("phase", "Running");
    var status = new Command.ReplaceObject(pod.request("update", "status"), Json.bytes(running));
    measure("Pod status update", () -> decide(pod, pod.current, status));
  }

  private static Decision decide(Bench bench, ObjectNode current, Command command) {
    return Bench.DECIDER.decide(bench.key, current, command, bench.world);
  }

  private static void measure(String what, Supplier<Decision> step) {
    long stored = 0;
    for (int i = 0; i < WARM_UP; i++) {
      stored += step.get() instanceof Decision.Store ? 1 : 0;
    }
    if (stored != WARM_UP) {
      throw new IllegalStateException(what + " was not stored: " + step.get());
    }
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < MEASURED; i++) {
      stored += step.get() instanceof Decision.Store ? 1 : 0;
    }
    double micros = (THREADS.getCurrentThreadCpuTime() - start) / 1000.0 / MEASURED;
    System.out.printf("%-24s %6.1f µs (%d decisions)%n", what, micros, stored);
  }
}
