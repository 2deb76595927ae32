package io.troupe.persistence.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.persistence.entity.ObjectMessage.Passivate;
import io.troupe.persistence.entity.ObjectMessage.Submit;
import io.troupe.persistence.journal.JournalFailure;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Decision;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Outcome.Effect;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One API object. Commands are decided one after another; each change is answered after its commit.
 *
 * <p>When a persist fails the actor restarts from the journal, after it has answered everything
 * that it had been given: the command under way with what is known of its row, the others, which
 * had not been started, with a refusal.
 */
final class ObjectActor extends EventSourcedBehavior<ObjectMessage, ObjectChanged, ObjectChanged> {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectActor.class);
  private static final Duration RESTART_MIN = Duration.ofMillis(20);
  private static final Duration RESTART_MAX = Duration.ofSeconds(1);

  private final ObjectKey key;
  private final Decider decider;
  private final ClusterView world;
  private final Unanswered<ObjectMessage, Answer> unanswered;
  private ObjectChanged persisting;

  private ObjectActor(
      String entity,
      Decider decider,
      ClusterView world,
      Unanswered<ObjectMessage, Answer> unanswered) {
    super(
        PersistenceId.ofUniqueId(entity),
        SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, 0.2)
            .withLoggingEnabled(false));
    this.key = ObjectKey.parse(entity);
    this.decider = decider;
    this.world = world;
    this.unanswered = unanswered;
  }

  static Behavior<ObjectMessage> create(String entity, Decider decider, ClusterView world) {
    var unanswered =
        new Unanswered<ObjectMessage, Answer>(
            ObjectMessage.class,
            message -> message instanceof Submit submit ? submit.replyTo() : null);
    return Behaviors.intercept(
        () -> unanswered, new ObjectActor(entity, decider, world, unanswered));
  }

  @Override
  public ObjectChanged emptyState() {
    return null;
  }

  @Override
  public Recovery recovery() {
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override
  public EventHandler<ObjectChanged, ObjectChanged> eventHandler() {
    return (state, event) -> event;
  }

  @Override
  public CommandHandler<ObjectMessage, ObjectChanged, ObjectChanged> commandHandler() {
    return (state, message) ->
        switch (message) {
          case Submit submit -> handle(state, submit);
          case Passivate stop -> Effect().stop();
        };
  }

  @Override
  public SignalHandler<ObjectChanged> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(PreRestart.instance(), state -> giveUp())
        .onSignal(PostStop.instance(), state -> giveUp())
        .build();
  }

  private org.apache.pekko.persistence.typed.javadsl.Effect<ObjectChanged, ObjectChanged> handle(
      ObjectChanged state, Submit submit) {
    CachedObject current = state == null || state.isRemoved() ? null : state.object();
    Command command = submit.command();
    Decision decision = decide(current, command);
    ObjectNode after;
    boolean removed;
    List<String> warnings;
    switch (decision) {
      case Decision.Refuse refuse -> {
        return answer(new Outcome.Refused(refuse.refusal()));
      }
      case Decision.Keep keep -> {
        return current == null
            ? answer(new Outcome.Refused(Refusal.notFound(key.type(), key.name())))
            : answer(new Outcome.Done(Effect.UNCHANGED, current, keep.warnings()));
      }
      case Decision.Store store -> {
        after = store.after();
        removed = false;
        warnings = store.warnings();
      }
      case Decision.Remove remove -> {
        after = remove.last();
        removed = true;
        warnings = remove.warnings();
      }
    }
    Effect effect = effect(current, command, removed);
    if (command.request().dryRun()) {
      return answer(new Outcome.Done(effect, preview(current, after), warnings));
    }
    byte[] payload = ChangeFormat.event(command.request(), after);
    persisting = ObjectChanged.of(key, removed, payload, after);
    return Effect()
        .persist(persisting)
        .thenRun(
            committed -> {
              persisting = null;
              unanswered.answer(
                  new Answer.Ended(new Outcome.Done(effect, committed.object(), warnings)));
            });
  }

  private Decision decide(CachedObject current, Command command) {
    try {
      return decider.decide(key, current == null ? null : current.tree(), command, world);
    } catch (RefusedException e) {
      return new Decision.Refuse(e.refusal());
    } catch (RuntimeException e) {
      LOG.error("deciding about {} failed", key, e);
      return new Decision.Refuse(Refusal.internal(String.valueOf(e.getMessage())));
    }
  }

  private static Effect effect(CachedObject current, Command command, boolean removed) {
    if (removed || command instanceof Command.DeleteObject) {
      return Effect.REMOVED;
    }
    return current == null ? Effect.CREATED : Effect.UPDATED;
  }

  private CachedObject preview(CachedObject current, ObjectNode after) {
    byte[] plain = ChangeFormat.plain(after);
    return current == null
        ? new CachedObject(key, 0, plain)
        : new CachedObject(
            key, current.revision(), ChangeFormat.withRevision(plain, current.revision()));
  }

  private org.apache.pekko.persistence.typed.javadsl.Effect<ObjectChanged, ObjectChanged> answer(
      Outcome outcome) {
    unanswered.answer(new Answer.Ended(outcome));
    return Effect().none();
  }

  private void giveUp() {
    ObjectChanged last = persisting;
    persisting = null;
    if (last != null) {
      unanswered.answer(answerFor(last));
    }
    unanswered.answerAll(
        new Answer.Ended(new Outcome.Refused(Refusal.unavailable("the store is not available"))));
  }

  private Answer answerFor(ObjectChanged last) {
    JournalFailure failure = last.failure();
    if (failure == null) {
      return last.object() == null
          ? new Answer.Unknown("the write was interrupted")
          : new Answer.Unknown("the write was committed but its actor stopped");
    }
    return switch (failure.kind()) {
      case UNAVAILABLE ->
          new Answer.Ended(
              new Outcome.Refused(
                  Refusal.unavailable("the store is not available: " + failure.getMessage())));
      case FENCED ->
          new Answer.Ended(
              new Outcome.Refused(
                  Refusal.unavailable("another writer owns " + key + "; try again")));
      case UNKNOWN -> new Answer.Unknown(failure.getMessage());
    };
  }
}
