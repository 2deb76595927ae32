package io.troupe.persistence.entity;

import io.troupe.persistence.store.Command;
import org.apache.pekko.actor.typed.ActorRef;

/** What an object actor understands. */
public sealed interface ObjectMessage {

  /**
   * A command to an object.
   *
   * @param entity the object's key as text
   */
  record Submit(String entity, Command command, ActorRef<Answer> replyTo)
      implements ObjectMessage, Portable {}

  /** Stop, since nobody has asked for a while. */
  enum Passivate implements ObjectMessage, Portable {
    INSTANCE
  }
}
