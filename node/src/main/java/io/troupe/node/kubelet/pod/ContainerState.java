package io.troupe.node.kubelet.pod;

import java.time.Instant;

/**
 * One container as the runtime has it.
 *
 * @param restartCount how many containers of this name the pod had before
 * @param hash of the container's spec when it was created
 * @param startedAt null until started
 * @param finishedAt null until exited
 * @param message the termination message, or the runtime's own
 */
public record ContainerState(
    String id,
    String name,
    String sandboxId,
    Phase phase,
    int restartCount,
    String hash,
    String image,
    String imageRef,
    Instant createdAt,
    Instant startedAt,
    Instant finishedAt,
    int exitCode,
    String reason,
    String message) {

  /** What CRI tells of a container. */
  public enum Phase {
    CREATED,
    RUNNING,
    EXITED,
    UNKNOWN
  }

  public boolean isRunning() {
    return phase == Phase.RUNNING;
  }

  public boolean hasFailed() {
    return phase == Phase.UNKNOWN || (phase == Phase.EXITED && exitCode != 0);
  }
}
