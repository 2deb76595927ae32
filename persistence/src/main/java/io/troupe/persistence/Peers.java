package io.troupe.persistence;

import io.troupe.persistence.cache.AppliedRows;
import io.troupe.persistence.cache.JournalFollower;
import io.troupe.persistence.cache.LiveCache.Applied;
import io.troupe.persistence.entity.Committed;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Sends what was committed here to the other members' caches, and applies what they send. Never
 * more than a hint: whoever misses a message sees the gap at the next one, or a moment later, and
 * reads the journal.
 */
interface Peers {
  /** A member that is alone for ever. */
  Peers NONE = (first, last, group) -> {};

  void committed(long first, long last, List<Applied> group);

  static Peers of(ActorSystem<?> system, JournalFollower follower) {
    Cluster cluster = Cluster.get(system);
    ActorRef<Topic.Command<Committed>> topic =
        system.systemActorOf(
            Topic.create(Committed.class, "journal"), "journal-peers", Props.empty());
    // A topic delivers to its own member too.
    var own = new AtomicLong();
    ActorRef<Committed> listener =
        system.systemActorOf(
            Behaviors.receiveMessage(
                (Committed group) -> {
                  if (group.lastRevision() <= own.get()) {
                    return Behaviors.same();
                  }
                  if (group.rows().length > 0) {
                    follower.offer(group.firstRevision(), AppliedRows.read(group.rows()));
                  } else {
                    follower.wake();
                  }
                  return Behaviors.same();
                }),
            "journal-peers-listener",
            Props.empty());
    topic.tell(Topic.subscribe(listener));
    return (first, last, group) -> {
      own.set(last);
      if (cluster.state().members().size() > 1) {
        topic.tell(Topic.publish(new Committed(first, last, AppliedRows.write(group))));
      }
    };
  }
}
