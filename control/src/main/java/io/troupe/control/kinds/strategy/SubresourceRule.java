package io.troupe.control.kinds.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.control.kinds.field.Errors;

/**
 * How a subresource is written. A subresource shows either the whole object ({@code
 * ephemeralcontainers}, {@code finalize}, {@code approval}) or a body of its own kind ({@code
 * Scale}, {@code Binding}).
 */
public interface SubresourceRule {

  /** What the subresource shows of the object; the object itself when it has no kind of its own. */
  default ObjectNode view(ObjectNode object, Facts facts) {
    return object;
  }

  /**
   * The object after the body was written.
   *
   * @param body owned by the caller, may be changed and used as the result
   * @param old the object, not to be changed
   * @return the new object
   * @throws io.troupe.api.object.RefusedException when it cannot be written at all
   */
  ObjectNode write(ObjectNode body, ObjectNode old, Facts facts);

  /** Finds what is wrong with the change. */
  default void check(ObjectNode object, ObjectNode old, Errors errors) {}

  /** Whether bodies are of another kind than the object. */
  default boolean hasOwnKind() {
    return false;
  }
}
