package io.troupe.node.kubelet.pod;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the kubelet remembers of a pod beside the runtime's state.
 *
 * @param restarts delays between restarts, by container name and hash
 * @param pulls delays between pulls, by image
 * @param startErrors why a container could not be started, by name
 */
public record PodMemory(Backoffs restarts, Backoffs pulls, Map<String, StartError> startErrors) {
  public static final PodMemory NONE = new PodMemory(Backoffs.NONE, Backoffs.NONE, Map.of());

  /** Why a container waits, for example {@code ErrImagePull}, with a message. */
  public record StartError(String reason, String message) {}

  public PodMemory {
    startErrors = Map.copyOf(startErrors);
  }

  public PodMemory withRestarts(Backoffs changed) {
    return new PodMemory(changed, pulls, startErrors);
  }

  public PodMemory withPulls(Backoffs changed) {
    return new PodMemory(restarts, changed, startErrors);
  }

  public PodMemory failed(String container, StartError error) {
    Map<String, StartError> changed = new HashMap<>(startErrors);
    changed.put(container, error);
    return new PodMemory(restarts, pulls, changed);
  }

  public PodMemory started(String container) {
    Map<String, StartError> changed = new HashMap<>(startErrors);
    changed.remove(container);
    return new PodMemory(restarts, pulls, changed);
  }

  public Optional<StartError> startError(String container) {
    return Optional.ofNullable(startErrors.get(container));
  }
}
