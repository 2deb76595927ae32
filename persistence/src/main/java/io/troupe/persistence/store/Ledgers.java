package io.troupe.persistence.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Single-writer allocations: one event-sourced actor owns each ledger (a node's capacity, the
 * cluster-IP range, the node-port range, a pod-CIDR range, a quota), so that nothing is ever given
 * out twice.
 */
public interface Ledgers {

  /** The pure rule of a sort of ledger; the same on every member. */
  interface Rule {
    /**
     * Grants or refuses a claim.
     *
     * @param claims what is granted now, by claim id
     * @param limits how much there is (the claimant states what it saw, for example the node's
     *     allocatable)
     */
    Verdict admit(
        Map<String, ObjectNode> claims, String claimId, ObjectNode wanted, ObjectNode limits);
  }

  /** A rule's answer: what the claimant gets (for example the address), or why not. */
  sealed interface Verdict {
    record Grant(ObjectNode granted) implements Verdict {}

    record Deny(Refusal refusal) implements Verdict {}
  }

  /** Registers the rule of a sort, before the store is used. */
  void rule(String sort, Rule rule);

  /** Claims; the same claim id again gets the same grant. Completes after the commit. */
  CompletionStage<Verdict> claim(
      String sort, String ledger, String claimId, ObjectNode wanted, ObjectNode limits);

  /** Gives back; unknown ids are fine. */
  CompletionStage<Void> release(String sort, String ledger, String claimId);

  /** Current grants of a ledger. */
  CompletionStage<Map<String, ObjectNode>> claims(String sort, String ledger);
}
