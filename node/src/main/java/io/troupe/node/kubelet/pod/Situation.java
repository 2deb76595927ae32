package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * All that a decision about a pod rests on.
 *
 * @param graceSeconds how long containers get to stop, when terminating
 */
public record Situation(
    JsonNode pod,
    Stage stage,
    long graceSeconds,
    PodState state,
    PodMemory memory,
    ProbeStates probes,
    Instant now) {}
