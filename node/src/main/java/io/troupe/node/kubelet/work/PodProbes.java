package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.pod.ContainerState;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.pod.PodState;
import io.troupe.node.kubelet.pod.ProbeStates;
import io.troupe.node.kubelet.pod.ProbeStates.Kind;
import io.troupe.node.kubelet.probe.ContainerCalls.Target;
import io.troupe.node.kubelet.probe.Prober;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which probes of a pod are to run: the startup probe alone until it passed, then the others. */
final class PodProbes {
  private final NodeContext context;
  private final Prober prober;

  PodProbes(NodeContext context, Prober prober) {
    this.context = context;
    this.prober = prober;
  }

  /** What an earlier kubelet found out, so that its end does not make a ready pod unready. */
  static ProbeStates known(JsonNode pod) {
    ProbeStates states = ProbeStates.NONE;
    for (String list : List.of("containerStatuses", "initContainerStatuses")) {
      for (JsonNode status : Json.items(pod, "status", list)) {
        String id = Json.text(status, "containerID").replaceFirst("^[a-z]+://", "");
        if (!Json.at(status, "state", "running").isObject() || id.isEmpty()) {
          continue;
        }
        if (Json.flag(status, false, "started")) {
          states = states.with(id, Kind.STARTUP, true);
        }
        if (Json.flag(status, false, "ready")) {
          states = states.with(id, Kind.READINESS, true);
        }
      }
    }
    return states;
  }

  void follow(JsonNode pod, PodState state, ProbeStates results) {
    Set<ProbeStates.Key> wanted = new HashSet<>();
    List<JsonNode> probed = new ArrayList<>(PodSpec.containers(pod));
    PodSpec.initContainers(pod).stream().filter(PodSpec::isSidecar).forEach(probed::add);
    for (JsonNode container : probed) {
      state
          .active(PodSpec.name(container))
          .filter(ContainerState::isRunning)
          .ifPresent(running -> follow(pod, state, container, running, results, wanted));
    }
    prober.keepOnly(wanted);
  }

  private void follow(
      JsonNode pod,
      PodState state,
      JsonNode container,
      ContainerState running,
      ProbeStates results,
      Set<ProbeStates.Key> wanted) {
    boolean started = results.started(running, container);
    for (Kind kind : started ? List.of(Kind.LIVENESS, Kind.READINESS) : List.of(Kind.STARTUP)) {
      if (PodSpec.hasProbe(container, kind.field())) {
        wanted.add(new ProbeStates.Key(running.id(), kind));
        String ip = PodStep.ip(context, pod, state);
        prober.start(pod, new Target(container, running.id(), ip), kind, running.startedAt());
      }
    }
  }

  void stop() {
    prober.keepOnly(Set.of());
  }
}
