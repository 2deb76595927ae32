package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.Outcome;

/** Tells a removal from a mere mark for deletion. */
final class Removal {
  private Removal() {}

  /** Whether nothing is left of the object: no finalizer and no grace period holds it. */
  static boolean isComplete(Outcome.Done done) {
    if (done.effect() != Outcome.Effect.REMOVED) {
      return false;
    }
    JsonNode metadata = done.object().tree().path("metadata");
    return metadata.path("finalizers").isEmpty()
        && (Json.text(metadata, "deletionTimestamp").isEmpty()
            || Json.number(metadata, 0, "deletionGracePeriodSeconds") == 0);
  }
}
