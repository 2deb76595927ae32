package io.troupe.node.kubelet.pod;

import java.time.Instant;
import java.util.List;

/**
 * One thing that is to be done for a pod; they are done in the order in which they were decided.
 */
public sealed interface Action {
  /** Make volumes, directories and cgroups. */
  record Prepare() implements Action {}

  /** Stop what runs in an outdated sandbox, with what is left of it. */
  record StopSandboxes(List<String> running, List<String> sandboxIds) implements Action {}

  /** Remove the containers of these names that exited, since their sandbox was lost. */
  record PurgeInitContainers(List<String> containerIds) implements Action {}

  record StartSandbox(int attempt, boolean replaces) implements Action {}

  /** Pull what is missing, create and start. */
  record StartContainer(String name) implements Action {}

  /** The container is to be started, but not before the time. */
  record BackOff(String name, String message, Instant until) implements Action {}

  /** Stop one container; the others stay. */
  record StopContainer(String id, String name, String message, KillReason reason)
      implements Action {}

  /** Stop all containers within the grace period, sidecars after the others. */
  record StopAll(long graceSeconds) implements Action {}

  /** Unmount volumes, remove cgroups. */
  record TearDown() implements Action {}

  /** Delete the pod from the API, with grace 0, and what the runtime still has of it. */
  record Delete() implements Action {}

  /** Why a container is stopped; a probe may have a grace period of its own. */
  enum KillReason {
    OTHER,
    LIVENESS_PROBE,
    STARTUP_PROBE
  }
}
