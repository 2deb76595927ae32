package io.troupe.persistence.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import java.util.List;

/** What an object answers to a command; persisting it is the actor's business. */
public sealed interface Decision {

  /**
   * The object becomes {@code after} (without resourceVersion: the journal assigns it).
   *
   * @param warnings for {@code Warning} headers
   */
  record Store(ObjectNode after, List<String> warnings) implements Decision {}

  /**
   * The object is gone; {@code last} is its final form, as deletion events and the response show
   * it.
   */
  record Remove(ObjectNode last, List<String> warnings) implements Decision {}

  /** Nothing changes: the answer is the current object at its current revision. */
  record Keep(List<String> warnings) implements Decision {}

  record Refuse(Refusal refusal) implements Decision {}
}
