package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * What a pod's status is made from.
 *
 * @param told the status that was last made, or the API's
 * @param terminal nothing of the pod will be started again
 * @param verdict a failure that the kubelet itself pronounced, or null
 * @param runtimeName the scheme of container ids, for example {@code containerd}
 * @param hostIps the node's addresses
 */
public record StatusInput(
    JsonNode pod,
    JsonNode told,
    PodState state,
    PodMemory memory,
    ProbeStates probes,
    boolean terminal,
    Verdict verdict,
    String runtimeName,
    List<String> hostIps,
    Instant now) {

  /** The kubelet failed the pod: refused at admission, past its deadline, evicted. */
  public record Verdict(String reason, String message) {}
}
