package io.troupe.persistence.store;

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
  record Done(Effect effect, CachedObject object, List<String> warnings) implements Outcome {}

  record Refused(Refusal refusal) implements Outcome {}
}
