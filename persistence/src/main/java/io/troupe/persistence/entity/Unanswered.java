package io.troupe.persistence.entity;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;

/**
 * Whom an event-sourced actor owes an answer, in the order of arrival, which is the order in which
 * its commands are handled. It sits in front of the event-sourced behaviour, whose stash cannot be
 * seen.
 */
public final class Unanswered<M, A> extends BehaviorInterceptor<M, M> {
  private final Function<M, ActorRef<A>> replyTo;
  private final Queue<ActorRef<A>> waiting = new ArrayDeque<>(2);

  /**
   * For one actor.
   *
   * @param replyTo the reference in a message, null when it wants no answer
   */
  public Unanswered(Class<M> type, Function<M, ActorRef<A>> replyTo) {
    super(type);
    this.replyTo = replyTo;
  }

  @Override
  public Behavior<M> aroundReceive(
      TypedActorContext<M> context, M message, ReceiveTarget<M> target) {
    ActorRef<A> asker = replyTo.apply(message);
    if (asker != null) {
      waiting.add(asker);
    }
    return target.apply(context, message);
  }

  /** Answers the oldest. */
  public void answer(A answer) {
    ActorRef<A> first = waiting.poll();
    if (first != null) {
      first.tell(answer);
    }
  }

  public void answerAll(A answer) {
    while (!waiting.isEmpty()) {
      answer(answer);
    }
  }
}
