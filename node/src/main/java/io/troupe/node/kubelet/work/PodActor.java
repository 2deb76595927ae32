package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.pod.PodMemory;
import io.troupe.node.kubelet.pod.PodState;
import io.troupe.node.kubelet.pod.PodStatus;
import io.troupe.node.kubelet.pod.ProbeStates;
import io.troupe.node.kubelet.pod.ProbeStates.Kind;
import io.troupe.node.kubelet.pod.Situation;
import io.troupe.node.kubelet.pod.Stage;
import io.troupe.node.kubelet.pod.StatusInput;
import io.troupe.node.kubelet.pod.StatusInput.Verdict;
import io.troupe.node.kubelet.probe.Prober;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod. At most one step runs at a time, on a virtual thread; everything that happens meanwhile
 * waits as a message. A pod that must end interrupts a step that would keep it up.
 */
public final class PodActor {
  /** What a pod's actor is told. */
  public sealed interface Message {
    /** The pod in the API is now this. */
    record Update(ObjectNode pod) implements Message {}

    /** The pod is gone from the API. */
    record Removed() implements Message {}

    /** Something in the runtime changed, or it is time to look. */
    record Poke() implements Message {}

    /** Bring volumes up to date and look at everything. */
    record Resync() implements Message {}

    /** The kubelet fails the pod. */
    record Fail(Verdict verdict) implements Message {}

    /** Leaves everything as it is: the kubelet stops. */
    record Leave() implements Message {}

    /** The runtime's state between two actions of a step. */
    record Progress(PodState state, PodMemory memory) implements Message {}

    /** A step is over. */
    record Done(PodStep.Result result, Throwable failure) implements Message {}

    /** A probe's standing result. */
    record Probed(ProbeStates.Key key, boolean success) implements Message {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(PodActor.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(500);
  private static final Duration RETRY_MAX = Duration.ofSeconds(10);
  private static final Duration RESYNC = Duration.ofSeconds(40);

  private final ActorContext<Message> actor;
  private final TimerScheduler<Message> timers;
  private final NodeContext context;
  private final StatusWriter writer;
  private final PodProbes probing;

  private ObjectNode pod;
  private JsonNode told;
  private Stage stage = Stage.SYNCING;
  private Verdict verdict;
  private boolean removed;
  private PodState state = PodState.NONE;
  private PodMemory memory = PodMemory.NONE;
  private ProbeStates probes;

  private Thread step;
  private boolean lookAgain;
  private boolean refresh;
  private int failures;

  private PodActor(
      ActorContext<Message> actor,
      TimerScheduler<Message> timers,
      NodeContext context,
      ObjectNode pod) {
    this.actor = actor;
    this.timers = timers;
    this.context = context;
    this.pod = pod;
    this.told = pod.path("status");
    this.writer = new StatusWriter(context.client(), pod);
    this.probes = PodProbes.known(pod);
    this.probing =
        new PodProbes(
            context,
            new Prober(
                context.calls(),
                context.events(),
                context.clock(),
                (key, success) -> actor.getSelf().tell(new Message.Probed(key, success))));
  }

  /**
   * The pod's behavior.
   *
   * @param verdict a failure known from the start, or null
   */
  public static Behavior<Message> create(NodeContext context, ObjectNode pod, Verdict verdict) {
    return Behaviors.setup(
        actor ->
            Behaviors.withTimers(
                timers -> {
                  PodActor self = new PodActor(actor, timers, context, pod);
                  self.verdict = verdict;
                  timers.startTimerWithFixedDelay(new Message.Resync(), RESYNC);
                  self.consider();
                  return Behaviors.receive(Message.class).onAnyMessage(self::on).build();
                }));
  }

  private Behavior<Message> on(Message message) {
    switch (message) {
      case Message.Update(ObjectNode changed) -> {
        pod = changed;
        consider();
      }
      case Message.Removed() -> {
        removed = true;
        writer.close();
        consider();
      }
      case Message.Poke() -> look();
      case Message.Resync() -> {
        refresh = stage == Stage.SYNCING;
        look();
      }
      case Message.Fail(Verdict failed) -> {
        verdict = failed;
        consider();
      }
      case Message.Leave() -> {
        return leave();
      }
      case Message.Progress(PodState now, PodMemory remembered) -> {
        state = now;
        memory = remembered;
        publish();
      }
      case Message.Done(PodStep.Result result, Throwable failure) -> {
        return done(result, failure);
      }
      case Message.Probed(ProbeStates.Key key, boolean success) -> {
        probes = probes.with(key.containerId(), key.kind(), success);
        publish();
        if (key.kind() != Kind.READINESS) {
          look();
        }
      }
    }
    return Behaviors.same();
  }

  private Behavior<Message> leave() {
    probing.stop();
    writer.close();
    interrupt();
    return Behaviors.stopped();
  }

  /** Looks whether the pod must end, and then at what is to be done. */
  private void consider() {
    boolean end = removed || verdict != null || Meta.isDeleting(pod) || PodStatus.isTerminal(told);
    if (end && stage == Stage.SYNCING) {
      stage = Stage.TERMINATING;
      interrupt();
    } else if (stage == Stage.TERMINATING && step != null && graceShrank()) {
      interrupt();
    }
    if (stage == Stage.FINISHED && Meta.isDeleting(pod) && !removed) {
      stage = Stage.TERMINATED;
    }
    look();
  }

  private long stepGrace;

  private boolean graceShrank() {
    return grace() < stepGrace;
  }

  private void interrupt() {
    if (step != null) {
      step.interrupt();
    }
  }

  private long grace() {
    JsonNode deletion = Json.at(pod, "metadata", "deletionGracePeriodSeconds");
    long grace =
        deletion.isNumber()
            ? deletion.longValue()
            : Json.number(pod, 30, "spec", "terminationGracePeriodSeconds");
    return Math.max(1, grace);
  }

  private void look() {
    if (step != null) {
      lookAgain = true;
      return;
    }
    if (stage == Stage.FINISHED && !removed) {
      return;
    }
    deadline();
    lookAgain = false;
    stepGrace = grace();
    Situation situation =
        new Situation(pod, stage, stepGrace, state, memory, probes, context.clock().instant());
    boolean refreshing = refresh;
    refresh = false;
    var self = actor.getSelf();
    PodStep next =
        new PodStep(context, writer, (now, then) -> self.tell(new Message.Progress(now, then)));
    boolean forget = removed && stage == Stage.FINISHED;
    step =
        Thread.ofVirtual()
            .name("pod " + Meta.name(pod))
            .start(
                () -> {
                  try {
                    if (forget) {
                      PodStep.forget(context, situation.pod(), situation.state());
                      self.tell(new Message.Done(null, null));
                    } else {
                      self.tell(new Message.Done(next.run(situation, refreshing), null));
                    }
                  } catch (RuntimeException | Error e) {
                    self.tell(new Message.Done(null, e));
                  }
                });
  }

  private void deadline() {
    long seconds = Json.number(pod, 0, "spec", "activeDeadlineSeconds");
    String started = Json.text(told, "startTime");
    if (seconds <= 0 || started.isEmpty() || stage != Stage.SYNCING) {
      return;
    }
    Instant end = Instant.parse(started).plusSeconds(seconds);
    if (context.clock().instant().isBefore(end)) {
      pokeAt(end);
      return;
    }
    String message = "Pod was active on the node longer than the specified deadline";
    context.events().pod(pod, "Normal", "DeadlineExceeded", message);
    verdict = new Verdict("DeadlineExceeded", message);
    stage = Stage.TERMINATING;
  }

  private void pokeAt(Instant time) {
    Duration delay = Duration.between(context.clock().instant(), time);
    timers.startSingleTimer(
        "at", new Message.Poke(), delay.isPositive() ? delay : Duration.ofMillis(1));
  }

  private Behavior<Message> done(PodStep.Result result, Throwable failure) {
    step = null;
    if (failure != null || result == null) {
      return ended(failure);
    }
    state = result.state();
    memory = result.memory();
    publish();
    if (!result.fault().isEmpty()) {
      retry(result.fault());
      return Behaviors.same();
    }
    failures = 0;
    result.plan().lookAgain().ifPresent(this::pokeAt);
    boolean more = result.again() || lookAgain;
    if (!result.again() || stage == Stage.TERMINATED) {
      more |= advance();
    }
    if (more) {
      look();
    }
    return Behaviors.same();
  }

  /** The step of a pod that is gone, or one that failed in a way that nobody foresaw. */
  private Behavior<Message> ended(Throwable failure) {
    if (failure == null) {
      return leave();
    }
    LOG.error("{}/{}: a step failed", Meta.namespace(pod), Meta.name(pod), failure);
    retry(failure.toString());
    return Behaviors.same();
  }

  private void retry(String fault) {
    failures++;
    Duration delay = RETRY_FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    LOG.debug("{}/{}: {}", Meta.namespace(pod), Meta.name(pod), fault);
    timers.startSingleTimer(
        "retry", new Message.Poke(), delay.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : delay);
    if (lookAgain && stage != Stage.SYNCING) {
      look();
    }
  }

  /** Nothing is left to do in this stage; true when there is something to do in the next. */
  private boolean advance() {
    return switch (stage) {
      case SYNCING, FINISHED -> false;
      case TERMINATING -> {
        if (state.running().isEmpty() && !state.anySandboxReady()) {
          stage = Stage.TERMINATED;
          publish();
        }
        yield true;
      }
      case TERMINATED -> {
        stage = Stage.FINISHED;
        yield removed;
      }
    };
  }

  /** Makes the status, has it written, and lets probes follow what runs. */
  private void publish() {
    if (removed) {
      probing.stop();
      return;
    }
    ObjectNode status =
        PodStatus.of(
            new StatusInput(
                pod,
                told,
                state,
                memory,
                probes,
                stage == Stage.TERMINATED || stage == Stage.FINISHED,
                verdict,
                context.runtimeName(),
                context.node().ips(),
                context.clock().instant()));
    told = status;
    writer.offer(status);
    if (stage == Stage.SYNCING) {
      probing.follow(pod, state, probes);
    } else {
      probing.stop();
    }
    if (PodStatus.isTerminal(status) && stage == Stage.SYNCING) {
      stage = Stage.TERMINATING;
      lookAgain = true;
    }
  }
}
