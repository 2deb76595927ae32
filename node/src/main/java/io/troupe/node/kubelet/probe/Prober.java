package io.troupe.node.kubelet.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.event.Events;
import io.troupe.node.kubelet.pod.ProbeStates;
import io.troupe.node.kubelet.pod.ProbeStates.Kind;
import io.troupe.node.kubelet.probe.ContainerCalls.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The running probes of one pod. Used by the pod's actor only; results arrive on other threads. */
public final class Prober {
  private final ContainerCalls calls;
  private final Events events;
  private final Clock clock;
  private final BiConsumer<ProbeStates.Key, Boolean> onResult;
  private final Map<ProbeStates.Key, Thread> running = new HashMap<>();

  /**
   * A prober.
   *
   * @param onResult is told each standing result when it changes, and the first
   */
  public Prober(
      ContainerCalls calls,
      Events events,
      Clock clock,
      BiConsumer<ProbeStates.Key, Boolean> onResult) {
    this.calls = calls;
    this.events = events;
    this.clock = clock;
    this.onResult = onResult;
  }

  /** Starts a probe unless it runs. */
  public void start(JsonNode pod, Target target, Kind kind, Instant startedAt) {
    ProbeStates.Key key = new ProbeStates.Key(target.containerId(), kind);
    running.computeIfAbsent(
        key, k -> Thread.ofVirtual().name("probe").start(() -> run(pod, target, kind, startedAt)));
  }

  /** Stops all probes but these. */
  public void keepOnly(Set<ProbeStates.Key> keys) {
    running
        .entrySet()
        .removeIf(
            entry -> {
              if (keys.contains(entry.getKey())) {
                return false;
              }
              entry.getValue().interrupt();
              return true;
            });
  }

  private void run(JsonNode pod, Target target, Kind kind, Instant startedAt) {
    JsonNode probe = target.container().get(kind.field());
    Duration period = Duration.ofSeconds(Math.max(1, Json.number(probe, 10, "periodSeconds")));
    try {
      sleepUntil(startedAt.plusSeconds(Json.number(probe, 0, "initialDelaySeconds")));
      ProbeTally tally = ProbeTally.NONE;
      Boolean standing = null;
      while (!Thread.currentThread().isInterrupted()) {
        Instant next = clock.instant().plus(period);
        tally = tally.with(once(pod, target, kind, probe));
        if (tally.decides(
                (int) Json.number(probe, 1, "successThreshold"),
                (int) Json.number(probe, 3, "failureThreshold"))
            && (standing == null || standing != tally.last())) {
          standing = tally.last();
          onResult.accept(new ProbeStates.Key(target.containerId(), kind), standing);
          if (kind == Kind.STARTUP) {
            // Passed, it is over; failed, the container is restarted.
            return;
          }
        }
        sleepUntil(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sleepUntil(Instant time) throws InterruptedException {
    Duration wait = Duration.between(clock.instant(), time);
    if (wait.isPositive()) {
      Thread.sleep(wait);
    }
  }

  private boolean once(JsonNode pod, Target target, Kind kind, JsonNode probe) {
    Duration timeout = Duration.ofSeconds(Math.max(1, Json.number(probe, 1, "timeoutSeconds")));
    Outcome outcome = calls.probe(probe, target, timeout);
    if (!outcome.success() && !Thread.currentThread().isInterrupted()) {
      events.container(
          pod,
          Json.text(target.container(), "name"),
          "Warning",
          "Unhealthy",
          kind.title() + " probe failed: " + outcome.output());
    }
    return outcome.success();
  }
}
