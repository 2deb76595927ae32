package io.troupe.node.kubelet.work;

import io.troupe.node.kubelet.pod.ContainerState;
import io.troupe.node.kubelet.pod.PodState;
import io.troupe.node.kubelet.pod.SandboxState;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the runtime has of a pod. */
final class PodObserver {
  private final ContainerRuntime runtime;
  private final Path logRoot;

  PodObserver(ContainerRuntime runtime, Path logRoot) {
    this.runtime = runtime;
    this.logRoot = logRoot;
  }

  PodState observe(String podUid) {
    List<SandboxState> sandboxes = new ArrayList<>();
    for (Cri.PodSandbox sandbox : runtime.sandboxes(podUid)) {
      ifPresent(() -> sandbox(runtime.sandboxStatus(sandbox.getId()))).ifPresent(sandboxes::add);
    }
    List<ContainerState> containers = new ArrayList<>();
    for (Cri.Container container : runtime.containers(podUid)) {
      ifPresent(() -> container(runtime.containerStatus(container.getId()), container))
          .ifPresent(containers::add);
    }
    sandboxes.sort(Comparator.comparing(SandboxState::createdAt).reversed());
    containers.sort(Comparator.comparing(ContainerState::createdAt).reversed());
    return new PodState(sandboxes, containers);
  }

  /** What was listed may be gone when it is looked at. */
  private static <T> Optional<T> ifPresent(java.util.function.Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (RuntimeFault fault) {
      if (fault.isNotFound()) {
        return Optional.empty();
      }
      throw fault;
    }
  }

  private static SandboxState sandbox(Cri.PodSandboxStatus status) {
    List<String> ips = new ArrayList<>();
    if (!status.getNetwork().getIp().isEmpty()) {
      ips.add(status.getNetwork().getIp());
      status.getNetwork().getAdditionalIpsList().forEach(ip -> ips.add(ip.getIp()));
    }
    return new SandboxState(
        status.getId(),
        status.getMetadata().getAttempt(),
        status.getState() == Cri.PodSandboxState.SANDBOX_READY,
        status.getLinux().getNamespaces().getOptions().getNetwork() == Cri.NamespaceMode.NODE,
        ips,
        time(status.getCreatedAt()));
  }

  private ContainerState container(Cri.ContainerStatus status, Cri.Container listed) {
    Map<String, String> annotations = status.getAnnotationsMap();
    ContainerState.Phase phase = phase(status.getState());
    boolean exited = phase == ContainerState.Phase.EXITED;
    return new ContainerState(
        status.getId(),
        status.getMetadata().getName(),
        listed.getPodSandboxId(),
        phase,
        Integer.parseInt(annotations.getOrDefault(PodLabels.RESTART_COUNT, "0")),
        annotations.getOrDefault(PodLabels.HASH, ""),
        status.getImage().getImage(),
        status.getImageRef(),
        time(status.getCreatedAt()),
        phase == ContainerState.Phase.CREATED ? null : time(status.getStartedAt()),
        exited ? time(status.getFinishedAt()) : null,
        status.getExitCode(),
        exited ? status.getReason() : "",
        exited ? TerminationMessage.of(status, logRoot) : "");
  }

  private static ContainerState.Phase phase(Cri.ContainerState state) {
    return switch (state) {
      case CONTAINER_CREATED -> ContainerState.Phase.CREATED;
      case CONTAINER_RUNNING -> ContainerState.Phase.RUNNING;
      case CONTAINER_EXITED -> ContainerState.Phase.EXITED;
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerState.Phase.UNKNOWN;
    };
  }

  private static Instant time(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
