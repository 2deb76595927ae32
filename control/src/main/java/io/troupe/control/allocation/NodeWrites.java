package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Ledgers;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives a new Node its pod CIDR and takes it back when the Node goes. When none is left, the Node
 * is created without, as upstream does.
 */
final class NodeWrites {
  private final ObjectStore inner;
  private final AllocationRanges ranges;

  NodeWrites(ObjectStore inner, AllocationRanges ranges) {
    this.inner = inner;
    this.ranges = ranges;
  }

  CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    return inner
        .submit(key, command)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case Outcome.Refused(Refusal refusal) when Need.isAskedBy(refusal) ->
                      create(key, command, refusal.name());
                  case Outcome.Done done when done.isGone() && !isDryRun(command) ->
                      inner
                          .ledgers()
                          .release(
                              PodCidrRule.SORT, PodCidrRule.LEDGER, Meta.uid(done.object().tree()))
                          .thenApply(released -> outcome);
                  default -> CompletableFuture.completedStage(outcome);
                });
  }

  private static boolean isDryRun(Command command) {
    return command.request().dryRun();
  }

  private CompletionStage<Outcome> create(ObjectKey key, Command command, String uid) {
    if (isDryRun(command)) {
      return inner.submit(key, Grants.NONE.withExhausted().seal(command));
    }
    ObjectNode wanted =
        Json.object().put("node", key.name()).put("at", command.request().timeMillis());
    return inner
        .ledgers()
        .claim(PodCidrRule.SORT, PodCidrRule.LEDGER, uid, wanted, PodCidrRule.limits(ranges))
        .thenCompose(verdict -> inner.submit(key, grants(verdict).seal(command)))
        .thenCompose(outcome -> released(uid, outcome));
  }

  private static Grants grants(Ledgers.Verdict verdict) {
    return switch (verdict) {
      case Ledgers.Verdict.Grant(ObjectNode granted) ->
          Grants.NONE.withPodCidr(Json.text(granted, "cidr"));
      case Ledgers.Verdict.Deny ignored -> Grants.NONE.withExhausted();
    };
  }

  private CompletionStage<Outcome> released(String uid, Outcome outcome) {
    return outcome instanceof Outcome.Refused
        ? inner
            .ledgers()
            .release(PodCidrRule.SORT, PodCidrRule.LEDGER, uid)
            .thenApply(released -> outcome)
        : CompletableFuture.completedStage(outcome);
  }
}
