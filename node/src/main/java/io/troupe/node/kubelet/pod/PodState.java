package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod as the runtime has it, newest sandbox and newest containers first. */
public record PodState(List<SandboxState> sandboxes, List<ContainerState> containers) {
  public static final PodState NONE = new PodState(List.of(), List.of());

  public PodState {
    sandboxes = List.copyOf(sandboxes);
    containers = List.copyOf(containers);
  }

  /** The newest container of the name. */
  public Optional<ContainerState> find(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The newest container of the name in the newest sandbox. */
  public Optional<ContainerState> active(String name) {
    return sandboxes.isEmpty()
        ? Optional.empty()
        : containers.stream()
            .filter(c -> c.sandboxId().equals(sandboxes.getFirst().id()) && c.name().equals(name))
            .findFirst();
  }

  public List<ContainerState> running() {
    return containers.stream().filter(ContainerState::isRunning).toList();
  }

  public boolean anySandboxReady() {
    return sandboxes.stream().anyMatch(SandboxState::ready);
  }

  public List<String> ips() {
    return sandboxes.isEmpty() || !sandboxes.getFirst().ready()
        ? List.of()
        : sandboxes.getFirst().ips();
  }

  /** Whether a main container was created in the newest sandbox, so that initialization is over. */
  public boolean mainStarted(JsonNode pod) {
    return PodSpec.containers(pod).stream().anyMatch(c -> active(PodSpec.name(c)).isPresent());
  }

  public boolean mainCreated(JsonNode pod) {
    return PodSpec.containers(pod).stream().anyMatch(c -> find(PodSpec.name(c)).isPresent());
  }

  /** Why a new sandbox is needed, in upstream's words; empty when the newest one serves. */
  public Optional<String> sandboxProblem(JsonNode pod) {
    if (sandboxes.isEmpty()) {
      return Optional.of("no pod sandbox exists");
    }
    SandboxState newest = sandboxes.getFirst();
    if (sandboxes.stream().filter(SandboxState::ready).count() > 1) {
      return Optional.of("multiple pod sandboxes are ready and need to be reconciled");
    }
    if (!newest.ready()) {
      return Optional.of("pod sandbox is not ready");
    }
    if (newest.hostNetwork() != PodSpec.isHostNetwork(pod)) {
      return Optional.of("network namespace mode changed and sandbox needs to be recreated");
    }
    if (!newest.hostNetwork() && newest.ips().isEmpty()) {
      return Optional.of("pod sandbox has no IP address");
    }
    return Optional.empty();
  }

  public int nextAttempt() {
    return sandboxes.isEmpty() ? 0 : sandboxes.getFirst().attempt() + 1;
  }

  /** Exited containers that neither are the newest of their name nor tell its last state. */
  public List<ContainerState> stale() {
    Map<String, Integer> seen = new HashMap<>();
    return containers.stream()
        .filter(c -> seen.merge(c.name(), 1, Integer::sum) > 2 && !c.isRunning())
        .toList();
  }
}
