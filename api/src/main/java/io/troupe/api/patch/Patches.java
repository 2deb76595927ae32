package io.troupe.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.List;

/** Chooses the patch format by its type. */
public final class Patches {
  private Patches() {}

  /**
   * Applies a patch of any type but {@link PatchType#APPLY}.
   *
   * @param schema of the object; only strategic merge reads it
   * @return a new tree of the caller's own
   */
  public static ObjectNode apply(
      PatchType type, ObjectNode current, JsonNode patch, Schema schema) {
    return switch (type) {
      case JSON -> JsonPatch.apply(current, patch);
      case MERGE -> JsonMergePatch.apply(current, patch);
      case STRATEGIC -> StrategicMergePatch.apply(current, patch, schema);
      case APPLY -> throw new IllegalArgumentException("apply patches need managed fields");
    };
  }

  static RefusedException malformed(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }

  /**
   * A patch that does not fit the object; upstream says no more than the message, we name the why.
   */
  static RefusedException doesNotFit(String why) {
    Refusal.Cause cause = new Refusal.Cause("UnexpectedServerResponse", why, "");
    String message = "the server rejected our request due to an error in our request";
    return new RefusedException(
        new Refusal(422, "Invalid", message, "", "", "", List.of(cause), 0));
  }

  /** What upstream does not classify and so answers with 500. */
  static RefusedException unclassified(String message) {
    return new RefusedException(new Refusal(500, "", message, "", "", "", List.of(), 0));
  }
}
