package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Ledgers;
import java.util.Map;

/** A number is given to one claim at a time. */
final class NumberRule implements Ledgers.Rule {
  @Override
  public Ledgers.Verdict admit(
      Map<String, ObjectNode> claims, String claimId, ObjectNode wanted, ObjectNode limits) {
    String number = Json.text(wanted, "number");
    boolean isTaken = claims.values().stream().anyMatch(c -> Json.text(c, "number").equals(number));
    return isTaken
        ? new Ledgers.Verdict.Deny(Refusal.badRequest("already allocated"))
        : new Ledgers.Verdict.Grant(wanted);
  }
}
