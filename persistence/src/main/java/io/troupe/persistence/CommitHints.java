package io.troupe.persistence;

import io.troupe.persistence.entity.Committed;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;

/**
 * Tells the other members that something was committed. Only a hint: whoever misses it finds out
 * from the journal a moment later.
 */
interface CommitHints {
  CommitHints NONE = last -> {};

  void committed(long lastRevision);

  static CommitHints between(ActorSystem<?> system, Runnable onHint) {
    ActorRef<Topic.Command<Committed>> topic =
        system.systemActorOf(
            Topic.create(Committed.class, "journal"),
            "journal-hints",
            org.apache.pekko.actor.typed.Props.empty());
    var newest = new AtomicLong();
    ActorRef<Committed> listener =
        system.systemActorOf(
            Behaviors.receiveMessage(
                (Committed hint) -> {
                  if (hint.lastRevision() > newest.get()) {
                    onHint.run();
                  }
                  return Behaviors.same();
                }),
            "journal-hints-listener",
            org.apache.pekko.actor.typed.Props.empty());
    topic.tell(Topic.subscribe(listener));
    return last -> {
      newest.set(last);
      topic.tell(Topic.publish(new Committed(last)));
    };
  }
}
