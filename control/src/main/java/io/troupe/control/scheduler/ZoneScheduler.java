package io.troupe.control.scheduler;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.queue.Effect;
import io.troupe.control.scheduler.queue.SchedulerCore;
import io.troupe.control.scheduler.queue.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The thin actor around a core: brings it changes and the time, and has its effects written by
 * virtual threads. Places a few pods per message, so that changes are never far behind.
 */
final class ZoneScheduler extends AbstractBehavior<ZoneScheduler.Message> {
  private static final int PODS_PER_MESSAGE = 64;
  private static final int MAX_BINDINGS = 512;
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final long FLUSH_MILLIS = 30_000;

  /** What the actor is told. */
  sealed interface Message {}

  /** There are changes in the inbox. */
  enum Drain implements Message {
    INSTANCE
  }

  /** Look at the queue. */
  enum Work implements Message {
    INSTANCE
  }

  enum Tick implements Message {
    INSTANCE
  }

  record Shared(Share share) implements Message {}

  record Bound(PodInfo pod, boolean isBound) implements Message {}

  record VolumesRefused(PodInfo pod) implements Message {}

  /** Asks what each node says about a pod. */
  record Why(com.fasterxml.jackson.databind.node.ObjectNode pod, ActorRef<Answer> replyTo)
      implements Message {}

  /** Reasons by node; empty where the node would do. */
  record Answer(Map<String, List<String>> reasons) {}

  /** Changes on their way from the view's threads to the actor. */
  static final class Inbox {
    private final ConcurrentLinkedQueue<Changes.Change> changes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isTold = new AtomicBoolean();

    void add(Changes.Change change, ActorRef<Message> owner) {
      changes.add(change);
      if (isTold.compareAndSet(false, true)) {
        owner.tell(Drain.INSTANCE);
      }
    }
  }

  private final SchedulerCore core;
  private final ApiWrites writes;
  private final Inbox inbox;
  private final ExecutorService threads;
  private final TimerScheduler<Message> timers;
  private final SplittableRandom random = new SplittableRandom();
  private int bindings;
  private boolean isWorkTold;
  private long flushedMillis;

  private ZoneScheduler(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      SchedulerCore core,
      ApiWrites writes,
      Inbox inbox) {
    super(context);
    this.core = core;
    this.writes = writes;
    this.inbox = inbox;
    this.timers = timers;
    this.threads =
        java.util.concurrent.Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("scheduler-write-", 0).factory());
    timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
  }

  static Behavior<Message> create(String zone, ApiWrites writes, Inbox inbox) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ZoneScheduler(context, timers, new SchedulerCore(zone), writes, inbox)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Drain.class, m -> drain())
        .onMessage(Work.class, m -> work())
        .onMessage(Tick.class, m -> tick())
        .onMessage(Bound.class, this::ended)
        .onMessage(VolumesRefused.class, m -> refused(m.pod()))
        .onMessage(Shared.class, this::shared)
        .onMessage(Why.class, this::why)
        .onSignal(
            PostStop.class,
            s -> {
              threads.shutdown();
              return this;
            })
        .build();
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private Behavior<Message> drain() {
    inbox.isTold.set(false);
    long now = now();
    Changes.Change change = inbox.changes.poll();
    while (change != null) {
      change.apply(core, now).forEach(this::write);
      change = inbox.changes.poll();
    }
    return tellWork();
  }

  private Behavior<Message> tellWork() {
    if (!isWorkTold) {
      isWorkTold = true;
      getContext().getSelf().tell(Work.INSTANCE);
    }
    return this;
  }

  private Behavior<Message> work() {
    isWorkTold = false;
    for (int i = 0; i < PODS_PER_MESSAGE && bindings < MAX_BINDINGS; i++) {
      Optional<List<Effect>> effects = core.next(now(), random.nextLong());
      if (effects.isEmpty()) {
        wakeLater();
        return this;
      }
      effects.get().forEach(this::write);
    }
    return bindings < MAX_BINDINGS ? tellWork() : this;
  }

  private void wakeLater() {
    core.nextMillis()
        .ifPresent(
            at ->
                timers.startSingleTimer(
                    Work.INSTANCE,
                    Work.INSTANCE,
                    Duration.ofMillis(Math.clamp(at - now(), 1, 60_000))));
  }

  private void write(Effect effect) {
    ActorRef<Message> self = getContext().getSelf();
    switch (effect) {
      case Effect.Bind bind -> {
        bindings++;
        threads.execute(
            () -> {
              boolean isBound = writes.bind(bind);
              self.tell(new Bound(bind.pod(), isBound));
              if (isBound) {
                writes.scheduled(bind);
              }
            });
      }
      case Effect.ServeVolumes serve ->
          threads.execute(
              () -> {
                if (!writes.serve(serve)) {
                  self.tell(new VolumesRefused(serve.pod()));
                }
              });
      case Effect.Report report -> threads.execute(() -> writes.report(report));
      case Effect.Evict evict -> threads.execute(() -> writes.evict(evict));
      case Effect.ClearNomination(PodInfo pod) ->
          threads.execute(() -> writes.clearNomination(pod));
    }
  }

  private Behavior<Message> ended(Bound bound) {
    bindings--;
    if (!bound.isBound()) {
      core.refused(bound.pod(), now());
    }
    return tellWork();
  }

  private Behavior<Message> refused(PodInfo pod) {
    core.refused(pod, now());
    return tellWork();
  }

  private Behavior<Message> shared(Shared shared) {
    core.share(shared.share(), now());
    return tellWork();
  }

  private Behavior<Message> why(Why question) {
    question.replyTo().tell(new Answer(core.why(question.pod())));
    return this;
  }

  private Behavior<Message> tick() {
    long now = now();
    if (now - flushedMillis > FLUSH_MILLIS) {
      flushedMillis = now;
      core.flush(now);
    }
    return tellWork();
  }
}
