package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.pod.Action.KillReason;
import io.troupe.node.kubelet.pod.ContainerState;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.pod.PodState;
import io.troupe.node.kubelet.probe.ContainerCalls.Target;
import io.troupe.node.kubelet.probe.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Stops containers: hook first, then the signal, within the grace period. */
final class ContainerStopper {
  /** Everyone gets this long after the hook, and with grace 0 as well. */
  private static final long GRACE_SECONDS_MIN = 2;

  private final NodeContext context;
  private final JsonNode pod;

  ContainerStopper(NodeContext context, JsonNode pod) {
    this.context = context;
    this.pod = pod;
  }

  long grace(String container, KillReason reason) {
    long grace =
        Json.number(
            pod,
            Json.number(pod, 30, "spec", "terminationGracePeriodSeconds"),
            "metadata",
            "deletionGracePeriodSeconds");
    JsonNode spec = PodSpec.container(pod, container).orElse(Json.object());
    return switch (reason) {
      case OTHER -> grace;
      case LIVENESS_PROBE ->
          Json.number(spec, grace, "livenessProbe", "terminationGracePeriodSeconds");
      case STARTUP_PROBE ->
          Json.number(spec, grace, "startupProbe", "terminationGracePeriodSeconds");
    };
  }

  void stop(String id, String name, String message, long graceSeconds, PodState state)
      throws InterruptedException {
    stop(id, name, message, graceSeconds, state, List.of());
  }

  private void stop(
      String id,
      String name,
      String message,
      long graceSeconds,
      PodState state,
      Collection<CountDownLatch> first)
      throws InterruptedException {
    context.events().container(pod, name, "Normal", "Killing", message);
    Instant end = context.clock().instant().plusSeconds(graceSeconds);
    if (graceSeconds > 0) {
      preStop(id, name, state, end);
      for (CountDownLatch latch : first) {
        latch.await(Math.max(0, left(end).toMillis()), TimeUnit.MILLISECONDS);
      }
    }
    long seconds = (left(end).toMillis() + 999) / 1000;
    context.runtime().stopContainer(id, Math.max(GRACE_SECONDS_MIN, seconds));
  }

  private Duration left(Instant end) {
    return Duration.between(context.clock().instant(), end);
  }

  private void preStop(String id, String name, PodState state, Instant end)
      throws InterruptedException {
    JsonNode spec = PodSpec.container(pod, name).orElse(Json.object());
    JsonNode hook = Json.at(spec, "lifecycle", "preStop");
    if (!hook.isObject()) {
      return;
    }
    String ip = PodStep.ip(context, pod, state);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> running =
          executor.submit(() -> context.calls().hook(hook, new Target(spec, id, ip)));
      try {
        if (!running.get(Math.max(0, left(end).toMillis()), TimeUnit.MILLISECONDS).success()) {
          context
              .events()
              .container(pod, name, "Warning", "FailedPreStopHook", "PreStopHook failed");
        }
      } catch (java.util.concurrent.TimeoutException | ExecutionException e) {
        context.events().container(pod, name, "Warning", "FailedPreStopHook", "PreStopHook failed");
      } finally {
        executor.shutdownNow();
      }
    }
  }

  /**
   * Stops all running containers at once; a sidecar's turn is after the mains and later sidecars.
   */
  void stopAll(PodState state, long graceSeconds) throws InterruptedException {
    Map<String, CountDownLatch> stopped = new HashMap<>();
    state.running().forEach(c -> stopped.put(c.name(), new CountDownLatch(1)));
    List<Callable<Void>> tasks = new ArrayList<>();
    for (ContainerState container : state.running()) {
      List<CountDownLatch> first = before(container.name(), stopped);
      tasks.add(
          () -> {
            try {
              stop(
                  container.id(),
                  container.name(),
                  "Stopping container " + container.name(),
                  graceSeconds,
                  state,
                  first);
            } finally {
              stopped.get(container.name()).countDown();
            }
            return null;
          });
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> task : executor.invokeAll(tasks)) {
        if (task.state() == Future.State.FAILED
            && task.exceptionNow() instanceof RuntimeException fault) {
          throw fault;
        }
      }
    }
  }

  private List<CountDownLatch> before(String name, Map<String, CountDownLatch> stopped) {
    if (!PodSpec.isSidecar(pod, name)) {
      return List.of();
    }
    List<String> sidecars =
        PodSpec.initContainers(pod).stream().filter(PodSpec::isSidecar).map(PodSpec::name).toList();
    return stopped.entrySet().stream()
        .filter(
            e ->
                !sidecars.contains(e.getKey())
                    || sidecars.indexOf(e.getKey()) > sidecars.indexOf(name))
        .map(Map.Entry::getValue)
        .toList();
  }
}
