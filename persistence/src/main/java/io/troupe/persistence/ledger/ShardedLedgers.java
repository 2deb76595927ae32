package io.troupe.persistence.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.persistence.ledger.LedgerMessage.Reply;
import io.troupe.persistence.store.Ledgers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** All ledgers of the cluster, seen from one member. */
public final class ShardedLedgers implements Ledgers {
  private static final EntityTypeKey<LedgerMessage> TYPE =
      EntityTypeKey.create(LedgerMessage.class, "ledger");
  private static final Duration ANSWER_MAX = Duration.ofSeconds(25);
  private static final int SHARDS = 32;

  private final Map<String, Rule> rules = new ConcurrentHashMap<>();
  private final ActorSystem<?> system;
  private final ActorRef<LedgerMessage> region;

  public ShardedLedgers(ActorSystem<?> system) {
    this.system = system;
    this.region =
        ClusterSharding.get(system)
            .init(
                Entity.of(
                        TYPE,
                        context ->
                            LedgerActor.create(
                                context.getEntityId(), ruleOf(context.getEntityId())))
                    .withMessageExtractor(new Extractor())
                    .withStopMessage(LedgerMessage.Passivate.INSTANCE));
  }

  @Override
  public void rule(String sort, Rule rule) {
    rules.put(sort, rule);
  }

  @Override
  public CompletionStage<Verdict> claim(
      String sort, String ledger, String claimId, ObjectNode wanted, ObjectNode limits) {
    return ask(replyTo ->
            new LedgerMessage.Claim(entity(sort, ledger), claimId, wanted, limits, replyTo))
        .thenApply(
            reply ->
                switch (reply) {
                  case Reply.Granted granted -> new Verdict.Grant(granted.granted());
                  case Reply.Denied denied -> new Verdict.Deny(denied.refusal());
                  default -> throw unexpected(reply);
                });
  }

  @Override
  public CompletionStage<Void> release(String sort, String ledger, String claimId) {
    return ask(replyTo -> new LedgerMessage.Release(entity(sort, ledger), claimId, replyTo))
        .thenApply(
            reply -> {
              if (reply instanceof Reply.Released) {
                return null;
              }
              throw unexpected(reply);
            });
  }

  @Override
  public CompletionStage<Map<String, ObjectNode>> claims(String sort, String ledger) {
    return ask(replyTo -> new LedgerMessage.Read(entity(sort, ledger), replyTo))
        .thenApply(
            reply -> {
              if (reply instanceof Reply.Claims claims) {
                return claims.claims();
              }
              throw unexpected(reply);
            });
  }

  private CompletionStage<Reply> ask(Function<ActorRef<Reply>, LedgerMessage> message) {
    return AskPattern.ask(region, message::apply, ANSWER_MAX, system.scheduler());
  }

  private Rule ruleOf(String entity) {
    String sort = entity.split("\\|", 3)[1];
    Rule rule = rules.get(sort);
    Refusal missing = Refusal.internal("no rule for ledgers of sort " + sort);
    return rule == null ? (claims, id, wanted, limits) -> new Verdict.Deny(missing) : rule;
  }

  private static String entity(String sort, String ledger) {
    return "ledger|" + sort + "|" + ledger;
  }

  private static RuntimeException unexpected(Reply reply) {
    return switch (reply) {
      case Reply.Denied denied -> new RefusedException(denied.refusal());
      case Reply.Unknown unknown -> new IllegalStateException(unknown.why());
      default -> new IllegalStateException("unexpected answer " + reply);
    };
  }

  private static final class Extractor
      extends ShardingMessageExtractor<LedgerMessage, LedgerMessage> {
    @Override
    public String entityId(LedgerMessage message) {
      return message.entity();
    }

    @Override
    public String shardId(String entity) {
      return Integer.toString(Math.floorMod(entity.hashCode(), SHARDS));
    }

    @Override
    public LedgerMessage unwrapMessage(LedgerMessage message) {
      return message;
    }
  }
}
