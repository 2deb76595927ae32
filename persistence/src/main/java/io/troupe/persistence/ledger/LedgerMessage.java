package io.troupe.persistence.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.entity.Portable;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** What a ledger understands; {@code entity} is {@code ledger|sort|name}. */
sealed interface LedgerMessage {
  String entity();

  ActorRef<Reply> replyTo();

  record Claim(
      String entity, String claim, ObjectNode wanted, ObjectNode limits, ActorRef<Reply> replyTo)
      implements LedgerMessage, Portable {}

  record Release(String entity, String claim, ActorRef<Reply> replyTo)
      implements LedgerMessage, Portable {}

  record Read(String entity, ActorRef<Reply> replyTo) implements LedgerMessage, Portable {}

  /** Stop, since nobody has asked for a while. */
  enum Passivate implements LedgerMessage, Portable {
    INSTANCE;

    @Override
    public String entity() {
      return null;
    }

    @Override
    public ActorRef<Reply> replyTo() {
      return null;
    }
  }

  /** A ledger's answer. */
  sealed interface Reply extends Portable {
    record Granted(ObjectNode granted) implements Reply {}

    record Denied(Refusal refusal) implements Reply {}

    record Released() implements Reply {}

    record Claims(Map<String, ObjectNode> claims) implements Reply {}

    /** The change may or may not be in the journal. */
    record Unknown(String why) implements Reply {}
  }
}
