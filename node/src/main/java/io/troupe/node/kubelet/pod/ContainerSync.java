package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.node.kubelet.pod.Action.KillReason;
import io.troupe.node.kubelet.pod.ProbeStates.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which containers of a pod with a good sandbox are to be stopped and started. */
final class ContainerSync {
  private final Situation s;
  private final JsonNode pod;
  private final List<Action> stops = new ArrayList<>();
  private final List<JsonNode> starts = new ArrayList<>();
  private Optional<Instant> lookAgain = Optional.empty();
  private boolean podDone;

  ContainerSync(Situation s) {
    this.s = s;
    this.pod = s.pod();
  }

  Plan plan() {
    List<JsonNode> ephemeral =
        PodSpec.ephemeralContainers(pod).stream()
            .filter(c -> s.state().find(PodSpec.name(c)).isEmpty())
            .toList();
    List<JsonNode> inits = new ArrayList<>();
    boolean initialized = initContainers(inits);
    if (initialized && !podDone) {
      mainContainers();
      if (podDone) {
        inits.clear();
      }
    }
    if (podDone) {
      return Plan.of(new Action.StopAll(grace()), new Action.StopSandboxes(List.of(), ids()));
    }
    List<Action> actions = new ArrayList<>(stops);
    ephemeral.forEach(c -> start(c, actions));
    inits.forEach(c -> start(c, actions));
    starts.forEach(c -> start(c, actions));
    if (actions.stream().anyMatch(Action.StartContainer.class::isInstance)) {
      actions.addFirst(new Action.Prepare());
    }
    return new Plan(actions, lookAgain);
  }

  private long grace() {
    return io.troupe.api.object.Json.number(pod, 30, "spec", "terminationGracePeriodSeconds");
  }

  private List<String> ids() {
    return s.state().sandboxes().stream().map(SandboxState::id).toList();
  }

  private void start(JsonNode container, List<Action> actions) {
    String name = PodSpec.name(container);
    ContainerState last = s.state().find(name).orElse(null);
    // A container that is being stopped in this plan has not finished, so nothing delays it yet.
    if (last != null && last.phase() == ContainerState.Phase.EXITED) {
      var held =
          s.memory().restarts().holding(backoffKey(container, last), last.finishedAt(), s.now());
      if (held.isPresent()) {
        Instant until = last.finishedAt().plus(held.get().delay());
        String message =
            "back-off "
                + Backoffs.text(held.get().delay())
                + " restarting failed container="
                + name
                + " pod="
                + PodSpec.format(pod);
        actions.add(new Action.BackOff(name, message, until));
        lookAgain = PodWorker.earlier(lookAgain, Optional.of(until));
        return;
      }
    }
    actions.add(new Action.StartContainer(name));
  }

  static String backoffKey(JsonNode container, ContainerState last) {
    return PodSpec.name(container) + "_" + last.hash();
  }

  /** Walks the init containers from the last to the first; true when the pod is initialized. */
  private boolean initContainers(List<JsonNode> toStart) {
    List<JsonNode> specs = PodSpec.initContainers(pod);
    if (specs.isEmpty()) {
      return true;
    }
    boolean initialized = s.state().mainStarted(pod);
    boolean laterSeen = initialized;
    for (int i = specs.size() - 1; i >= 0 && !podDone; i--) {
      JsonNode spec = specs.get(i);
      ContainerState state = s.state().active(PodSpec.name(spec)).orElse(null);
      if (state == null) {
        if (laterSeen && PodSpec.isSidecar(spec)) {
          toStart.addFirst(spec);
        }
        continue;
      }
      if (laterSeen && !PodSpec.isSidecar(spec)) {
        continue;
      }
      boolean complete = initContainer(spec, state, toStart);
      if (complete && i == specs.size() - 1) {
        initialized = true;
      } else if (complete && !laterSeen) {
        toStart.addFirst(specs.get(i + 1));
      }
      laterSeen = true;
    }
    if (!laterSeen) {
      toStart.add(specs.getFirst());
    }
    return initialized;
  }

  /** True when the next container may start as far as this one is concerned. */
  private boolean initContainer(JsonNode spec, ContainerState state, List<JsonNode> toStart) {
    return switch (state.phase()) {
      case CREATED -> again(spec, toStart);
      case RUNNING -> PodSpec.isSidecar(spec) && sidecar(spec, state, toStart);
      case EXITED -> {
        if (PodSpec.isSidecar(spec)) {
          yield again(spec, toStart);
        }
        yield state.exitCode() == 0 || failedInit(spec, toStart);
      }
      case UNKNOWN -> {
        stops.add(
            stop(state, "Init container is in \"unknown\" state, try killing it before restart"));
        yield PodSpec.isSidecar(spec) ? again(spec, toStart) : failedInit(spec, toStart);
      }
    };
  }

  private static boolean again(JsonNode spec, List<JsonNode> toStart) {
    toStart.addFirst(spec);
    return false;
  }

  private boolean failedInit(JsonNode spec, List<JsonNode> toStart) {
    if (PodSpec.restartPolicy(pod, spec).equals("Never")) {
      podDone = true;
      return false;
    }
    return again(spec, toStart);
  }

  private boolean sidecar(JsonNode spec, ContainerState state, List<JsonNode> toStart) {
    if (PodSpec.hasProbe(spec, Kind.STARTUP.field())
        && !s.probes().succeeded(state.id(), Kind.STARTUP)) {
      if (s.probes().failed(state.id(), Kind.STARTUP)) {
        restart(spec, state, " failed startup probe", KillReason.STARTUP_PROBE, toStart);
      }
      return false;
    }
    if (changed(spec, state)) {
      restart(spec, state, " definition changed", KillReason.OTHER, toStart);
    } else if (s.probes().failed(state.id(), Kind.LIVENESS)) {
      restart(spec, state, " failed liveness probe", KillReason.LIVENESS_PROBE, toStart);
    }
    return true;
  }

  private void restart(
      JsonNode spec, ContainerState state, String why, KillReason reason, List<JsonNode> toStart) {
    String message = "Init container " + state.name() + why;
    stops.add(new Action.StopContainer(state.id(), state.name(), message, reason));
    toStart.addFirst(spec);
  }

  private static Action stop(ContainerState state, String message) {
    return new Action.StopContainer(state.id(), state.name(), message, KillReason.OTHER);
  }

  private static boolean changed(JsonNode spec, ContainerState state) {
    return !state.hash().isEmpty() && !state.hash().equals(ContainerHash.of(spec));
  }

  private void mainContainers() {
    int kept = 0;
    for (JsonNode spec : PodSpec.containers(pod)) {
      ContainerState state = s.state().find(PodSpec.name(spec)).orElse(null);
      if (state == null || !state.isRunning()) {
        if (PodWorker.shouldStart(pod, spec, s.state())) {
          starts.add(spec);
        }
        continue;
      }
      kept += keep(spec, state) ? 1 : 0;
    }
    podDone = kept == 0 && starts.isEmpty();
  }

  /** True when a running container stays; else it is stopped, and started again if it may be. */
  private boolean keep(JsonNode spec, ContainerState state) {
    boolean restart = !PodSpec.restartPolicy(pod, spec).equals("Never");
    String message = "Container " + state.name();
    KillReason reason = KillReason.OTHER;
    if (changed(spec, state)) {
      message += " definition changed";
      restart = true;
    } else if (s.probes().failed(state.id(), Kind.LIVENESS)) {
      message += " failed liveness probe";
      reason = KillReason.LIVENESS_PROBE;
    } else if (s.probes().failed(state.id(), Kind.STARTUP)) {
      message += " failed startup probe";
      reason = KillReason.STARTUP_PROBE;
    } else {
      return true;
    }
    if (restart) {
      message += ", will be restarted";
      starts.add(spec);
    }
    stops.add(new Action.StopContainer(state.id(), state.name(), message, reason));
    return false;
  }
}
