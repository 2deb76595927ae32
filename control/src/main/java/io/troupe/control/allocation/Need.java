package io.troupe.control.allocation;

import io.troupe.api.object.Refusal;
import java.util.List;

/**
 * Something that must be claimed before a write can be stored.
 *
 * @param wanted the number or address asked for, "" for any
 * @param field where it goes, for refusals
 */
record Need(Sort sort, String wanted, String field) {
  private static final String REASON = "AllocationNeeded";

  enum Sort {
    CLUSTER_IP,
    NODE_PORT,
    HEALTH_CHECK_NODE_PORT,
    POD_CIDR
  }

  boolean isForAny() {
    return wanted.isEmpty();
  }

  /** The decider's answer that names needs; owner is the object's uid. */
  static Refusal refusal(String owner, List<Need> needs) {
    List<Refusal.Cause> causes =
        needs.stream().map(n -> new Refusal.Cause(n.sort.name(), n.wanted, n.field)).toList();
    return new Refusal(409, REASON, "allocations are needed", "", "", owner, causes, 0);
  }

  static boolean isAskedBy(Refusal refusal) {
    return refusal.reason().equals(REASON);
  }

  static List<Need> of(Refusal refusal) {
    return refusal.causes().stream()
        .map(c -> new Need(Sort.valueOf(c.reason()), c.message(), c.field()))
        .toList();
  }
}
