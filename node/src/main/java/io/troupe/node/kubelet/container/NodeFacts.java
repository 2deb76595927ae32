package io.troupe.node.kubelet.container;

import java.math.BigDecimal;
import java.util.List;

/**
 * What containers may learn of their node.
 *
 * @param allocatableCpu cores, the limit of containers without one in the downward API
 * @param allocatableMemory bytes
 * @param memoryCapacity bytes
 */
public record NodeFacts(
    String name,
    List<String> ips,
    BigDecimal allocatableCpu,
    BigDecimal allocatableMemory,
    BigDecimal allocatableEphemeralStorage,
    long memoryCapacity) {}
