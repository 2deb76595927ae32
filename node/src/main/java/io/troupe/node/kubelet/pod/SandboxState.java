package io.troupe.node.kubelet.pod;

import java.time.Instant;
import java.util.List;

/**
 * One sandbox as the runtime has it.
 *
 * @param ips the pod's addresses, empty for host network
 */
public record SandboxState(
    String id,
    int attempt,
    boolean ready,
    boolean hostNetwork,
    List<String> ips,
    Instant createdAt) {
  public SandboxState {
    ips = List.copyOf(ips);
  }
}
