package io.troupe.persistence.store;

import io.troupe.api.object.ObjectKey;
import java.util.concurrent.CompletionStage;

/** The cluster's store, as each control JVM has it. */
public interface ObjectStore {
  /**
   * Sends the command to the object's actor, wherever it lives, and completes after the commit.
   * Fails when the outcome is unknown.
   */
  CompletionStage<Outcome> submit(ObjectKey key, Command command);

  WatchCache cache();

  /**
   * The journal's latest revision, at least that of every write acknowledged before the call; for
   * linearizable reads.
   */
  CompletionStage<Long> latestRevision();

  Ledgers ledgers();

  History history();
}
