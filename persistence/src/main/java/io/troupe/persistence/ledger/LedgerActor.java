package io.troupe.persistence.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.entity.Unanswered;
import io.troupe.persistence.journal.JournalFailure;
import io.troupe.persistence.ledger.LedgerMessage.Reply;
import io.troupe.persistence.store.Ledgers.Rule;
import io.troupe.persistence.store.Ledgers.Verdict;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** One ledger. Its state is what is granted, by claim id. */
final class LedgerActor
    extends EventSourcedBehavior<LedgerMessage, LedgerChanged, LedgerActor.State> {
  /** Every so many events one is a whole image, so that recovery reads few rows. */
  private static final int IMAGE_EVERY = 100;

  /** What is granted, and how many events ago the last image was. */
  record State(PMap<String, ObjectNode> claims, int sinceImage) {}

  private final Rule rule;
  private final Unanswered<LedgerMessage, Reply> unanswered;
  private LedgerChanged persisting;

  private LedgerActor(String entity, Rule rule, Unanswered<LedgerMessage, Reply> unanswered) {
    super(
        PersistenceId.ofUniqueId(entity),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(20), Duration.ofSeconds(1), 0.2)
            .withLoggingEnabled(false));
    this.rule = rule;
    this.unanswered = unanswered;
  }

  static Behavior<LedgerMessage> create(String entity, Rule rule) {
    var unanswered =
        new Unanswered<LedgerMessage, Reply>(LedgerMessage.class, LedgerMessage::replyTo);
    return Behaviors.intercept(() -> unanswered, new LedgerActor(entity, rule, unanswered));
  }

  @Override
  public State emptyState() {
    return new State(HashTreePMap.empty(), 0);
  }

  @Override
  public Recovery recovery() {
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override
  public EventHandler<State, LedgerChanged> eventHandler() {
    return (state, event) ->
        new State(
            event.apply(state.claims()),
            event instanceof LedgerChanged.Image ? 0 : state.sinceImage() + 1);
  }

  @Override
  public CommandHandler<LedgerMessage, LedgerChanged, State> commandHandler() {
    return (state, message) ->
        switch (message) {
          case LedgerMessage.Claim claim -> claim(state, claim);
          case LedgerMessage.Release release ->
              state.claims().containsKey(release.claim())
                  ? persist(
                      state, new LedgerChanged.Released(release.claim()), new Reply.Released())
                  : answer(new Reply.Released());
          case LedgerMessage.Read read -> answer(new Reply.Claims(state.claims()));
          case LedgerMessage.Passivate stop -> Effect().stop();
        };
  }

  @Override
  public SignalHandler<State> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(PreRestart.instance(), state -> giveUp())
        .onSignal(PostStop.instance(), state -> giveUp())
        .build();
  }

  private Effect<LedgerChanged, State> claim(State state, LedgerMessage.Claim claim) {
    ObjectNode held = state.claims().get(claim.claim());
    if (held != null) {
      return answer(new Reply.Granted(held));
    }
    return switch (verdict(state, claim)) {
      case Verdict.Grant grant ->
          persist(
              state,
              new LedgerChanged.Granted(claim.claim(), grant.granted()),
              new Reply.Granted(grant.granted()));
      case Verdict.Deny deny -> answer(new Reply.Denied(deny.refusal()));
    };
  }

  private Verdict verdict(State state, LedgerMessage.Claim claim) {
    try {
      return rule.admit(state.claims(), claim.claim(), claim.wanted(), claim.limits());
    } catch (RuntimeException e) {
      return new Verdict.Deny(Refusal.internal(String.valueOf(e.getMessage())));
    }
  }

  private Effect<LedgerChanged, State> persist(State state, LedgerChanged change, Reply reply) {
    persisting =
        state.sinceImage() + 1 >= IMAGE_EVERY
            ? new LedgerChanged.Image(change.apply(state.claims()))
            : change;
    return Effect()
        .persist(persisting)
        .thenRun(
            done -> {
              persisting = null;
              unanswered.answer(reply);
            });
  }

  private Effect<LedgerChanged, State> answer(Reply reply) {
    unanswered.answer(reply);
    return Effect().none();
  }

  private void giveUp() {
    LedgerChanged last = persisting;
    persisting = null;
    var unavailable = new Reply.Denied(Refusal.unavailable("the store is not available"));
    if (last != null) {
      JournalFailure failure = last.failure();
      boolean known = failure != null && failure.kind() != JournalFailure.Kind.UNKNOWN;
      unanswered.answer(known ? unavailable : new Reply.Unknown("the write was interrupted"));
    }
    unanswered.answerAll(unavailable);
  }
}
