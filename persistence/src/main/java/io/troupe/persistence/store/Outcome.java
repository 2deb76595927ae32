package io.troupe.persistence.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import java.util.List;

/** How a command ended. A future that fails instead means that the outcome is unknown (5xx). */
public sealed interface Outcome {

  /** What was done to the object. */
  enum Effect {
    CREATED,
    UPDATED,
    UNCHANGED,
    /** Marked for deletion, or removed when {@code removed}. */
    REMOVED
  }

  /** Done and durable (or a dry run's preview, whose revision is the current one). */
  record Done(Effect effect, CachedObject object, List<String> warnings) implements Outcome {

    /** Whether nothing is left of the object: no finalizer and no grace period holds it. */
    public boolean isGone() {
      if (effect != Effect.REMOVED) {
        return false;
      }
      JsonNode metadata = object.tree().path("metadata");
      return metadata.path("finalizers").isEmpty()
          && (Json.text(metadata, "deletionTimestamp").isEmpty()
              || Json.number(metadata, 0, "deletionGracePeriodSeconds") == 0);
    }
  }

  record Refused(Refusal refusal) implements Outcome {}
}
