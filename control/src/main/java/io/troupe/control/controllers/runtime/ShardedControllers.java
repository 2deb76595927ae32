package io.troupe.control.controllers.runtime;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;

/**
 * Spreads the slices of the controllers' work over the members of a Pekko cluster: one actor per
 * slice, kept alive somewhere by a sharded daemon process. There is no leader; when a member is
 * lost, its slices start elsewhere.
 */
public final class ShardedControllers {
  /** What a slice actor understands. */
  public enum Command {
    /** The cluster moves the slice or shuts down. */
    STOP,
    /** The local view has caught up with what the former owner wrote. */
    CAUGHT_UP
  }

  private ShardedControllers() {}

  /**
   * Starts this member's part.
   *
   * @param runtime started, with as many slices as on every other member and none owned
   * @param caughtUp completes when the local view shows every write committed before the call
   */
  public static void start(
      ActorSystem<?> system,
      ControllerRuntime runtime,
      Supplier<? extends CompletionStage<?>> caughtUp) {
    ShardedDaemonProcess.get(system)
        .init(
            Command.class,
            "controllers",
            runtime.slices().count(),
            slice -> slice(runtime, slice, caughtUp),
            Command.STOP);
  }

  private static Behavior<Command> slice(
      ControllerRuntime runtime, int slice, Supplier<? extends CompletionStage<?>> caughtUp) {
    return Behaviors.setup(
        context -> {
          // A view that lags is safe, only slower: own writes are refused by name or revision.
          context.pipeToSelf(caughtUp.get(), (done, failure) -> Command.CAUGHT_UP);
          return Behaviors.receive(Command.class)
              .onMessageEquals(
                  Command.CAUGHT_UP,
                  () -> {
                    runtime.acquire(slice);
                    return Behaviors.same();
                  })
              .onMessageEquals(Command.STOP, Behaviors::stopped)
              .onSignal(
                  PostStop.class,
                  stopped -> {
                    runtime.release(slice);
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
