package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes of Services: submit, claim what is needed, submit again, release what is dropped. */
final class ServiceWrites {
  private static final int MAX_ROUNDS = 8;

  private final ObjectStore inner;
  private final ServiceLedgers ledgers;

  ServiceWrites(ObjectStore inner, ServiceLedgers ledgers) {
    this.inner = inner;
    this.ledgers = ledgers;
  }

  /** One write on its way; owner is "" while no need was named. */
  private record Write(ObjectKey key, Command command, JsonNode before, String owner, int round) {
    Write next(String named) {
      return new Write(key, command, before, named, round + 1);
    }

    boolean isDryRun() {
      return command.request().dryRun();
    }

    NumberLedgers.Claimant claimant() {
      String object = key.namespace() + "/" + key.name();
      return new NumberLedgers.Claimant(owner, object, command.request().timeMillis(), isDryRun());
    }
  }

  CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    CachedObject cached = inner.cache().find(key);
    JsonNode before = cached == null ? MissingNode.getInstance() : cached.tree();
    return round(new Write(key, command, before, "", 0), Grants.NONE);
  }

  private CompletionStage<Outcome> round(Write write, Grants grants) {
    return inner
        .submit(write.key(), grants.seal(write.command()))
        .thenCompose(outcome -> answered(write, grants, outcome));
  }

  private CompletionStage<Outcome> answered(Write write, Grants grants, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> write.isDryRun() ? completed(done) : settled(write, done);
      case Outcome.Refused(Refusal refusal) when Need.isAskedBy(refusal) ->
          write.round() < MAX_ROUNDS
              ? claimed(write.next(refusal.name()), grants, refusal)
              : refused(write, grants, Refusal.unavailable("allocations kept changing"));
      case Outcome.Refused(Refusal refusal) -> refused(write, grants, refusal);
    };
  }

  private CompletionStage<Outcome> claimed(Write write, Grants grants, Refusal needs) {
    return ledgers
        .claim(write.key(), write.claimant(), Need.of(needs), grants)
        .thenCompose(
            claimed ->
                claimed.refusal().isPresent()
                    ? refused(write, claimed.grants(), claimed.refusal().get())
                    : round(write, claimed.grants()));
  }

  /**
   * A refused creation had a uid that nobody else knows, so its claims can go. A refused update may
   * share claims with another update of the same object: those are left to leak detection.
   */
  private CompletionStage<Outcome> refused(Write write, Grants grants, Refusal refusal) {
    Outcome outcome = new Outcome.Refused(refusal);
    boolean isOwn = write.owner().equals(write.command().request().newUid());
    return write.isDryRun() || !isOwn || grants.equals(Grants.NONE)
        ? completed(outcome)
        : ledgers.release(write.owner(), grants).thenApply(released -> outcome);
  }

  private CompletionStage<Outcome> settled(Write write, Outcome.Done done) {
    JsonNode after = done.object().tree();
    String uid = Meta.uid(after);
    if (done.isGone()) {
      return ledgers
          .releaseDropped(uid, after.path("spec"), MissingNode.getInstance())
          .thenApply(released -> done);
    }
    if (!Meta.uid(write.before()).equals(uid) || done.effect() != Outcome.Effect.UPDATED) {
      return completed(done);
    }
    return ledgers
        .releaseDropped(uid, write.before().path("spec"), after.path("spec"))
        .thenApply(released -> done);
  }

  private static CompletionStage<Outcome> completed(Outcome outcome) {
    return CompletableFuture.completedStage(outcome);
  }
}
