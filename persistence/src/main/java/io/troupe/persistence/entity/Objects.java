package io.troupe.persistence.entity;

import io.troupe.api.client.ClusterView;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.entity.ObjectMessage.Passivate;
import io.troupe.persistence.entity.ObjectMessage.Submit;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** All object actors of the cluster, seen from one member. */
public final class Objects {
  private static final EntityTypeKey<ObjectMessage> TYPE =
      EntityTypeKey.create(ObjectMessage.class, "object");
  private static final Duration ANSWER_MAX = Duration.ofSeconds(25);

  private final ActorSystem<?> system;
  private final ActorRef<ObjectMessage> region;
  private final BooleanSupplier writable;
  private final int inFlightMax;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * Starts this member's share of the actors.
   *
   * @param writable whether the database was there the last time
   * @param inFlightMax commands of this member that wait for an answer; more are refused
   */
  public Objects(
      ActorSystem<?> system,
      Decider decider,
      ClusterView world,
      BooleanSupplier writable,
      int inFlightMax) {
    this.system = system;
    this.writable = writable;
    this.inFlightMax = inFlightMax;
    int shards = system.settings().config().getInt("pekko.cluster.sharding.number-of-shards");
    region =
        ClusterSharding.get(system)
            .init(
                Entity.of(
                        TYPE, context -> ObjectActor.create(context.getEntityId(), decider, world))
                    .withMessageExtractor(new Extractor(shards))
                    .withStopMessage(Passivate.INSTANCE));
  }

  public CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    if (!writable.getAsBoolean()) {
      return refused("the database is not available");
    }
    if (inFlight.incrementAndGet() > inFlightMax) {
      inFlight.decrementAndGet();
      return refused("too many writes are in flight");
    }
    String entity = key.toString();
    CompletionStage<Answer> answer =
        AskPattern.ask(
            region,
            (ActorRef<Answer> replyTo) -> new Submit(entity, command, replyTo),
            ANSWER_MAX,
            system.scheduler());
    return answer
        .whenComplete((done, failure) -> inFlight.decrementAndGet())
        .thenApply(Objects::outcome);
  }

  private static CompletionStage<Outcome> refused(String why) {
    return CompletableFuture.completedFuture(new Outcome.Refused(Refusal.unavailable(why)));
  }

  private static Outcome outcome(Answer answer) {
    return switch (answer) {
      case Answer.Ended ended -> ended.outcome();
      case Answer.Unknown unknown -> throw new OutcomeUnknownException(unknown.why());
    };
  }

  private static final class Extractor
      extends ShardingMessageExtractor<ObjectMessage, ObjectMessage> {
    private final String[] shards;

    Extractor(int count) {
      shards = new String[count];
      for (int i = 0; i < count; i++) {
        shards[i] = Integer.toString(i);
      }
    }

    @Override
    public String entityId(ObjectMessage message) {
      return message instanceof Submit submit ? submit.entity() : null;
    }

    @Override
    public String shardId(String entity) {
      return shards[Math.floorMod(entity.hashCode(), shards.length)];
    }

    @Override
    public ObjectMessage unwrapMessage(ObjectMessage message) {
      return message;
    }
  }
}
