package io.troupe.control.controllers.runtime;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Key;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Runs controllers on virtual threads over the slices that this process owns.
 *
 * <p>The view must have taken a change before it tells its followers of it, and must tell the
 * changes of a type in the order of their revisions.
 */
public final class ControllerRuntime implements AutoCloseable {
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);
  private static final long RELEASE_POLL_NANOS = 2_000_000;

  private final Slices slices;
  private final InstantSource clock;
  private final List<ControllerLoop> loops = new ArrayList<>();
  private final List<Dispatcher> dispatchers = new ArrayList<>();
  private final Routes routes;
  private final ExecutorService events =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("controller-events").factory());

  /**
   * @param slices what this process works on; {@link Slices#all()} when it works alone
   * @throws IllegalStateException when two controllers have one output
   */
  public ControllerRuntime(
      List<Controller> controllers,
      ClusterView view,
      KubeClient client,
      Slices slices,
      InstantSource clock) {
    Outputs.requireOneOwnerEach(controllers);
    this.slices = slices;
    this.clock = clock;
    this.routes = new Routes(view, clock);
    EventRecorder recorder = new EventRecorder(client, clock, events);
    for (Controller controller : controllers) {
      Semaphore signal = new Semaphore(0);
      KubeClient identity = client.as(controller.name() + "-controller");
      var executor = new WriteExecutor(controller, identity, recorder, true);
      var loop = new ControllerLoop(controller, view, executor, slices, () -> wake(signal));
      loops.add(loop);
      dispatchers.add(new Dispatcher(loop, clock, signal));
    }
  }

  /** Follows the inputs, then begins to work. Blocks until the present objects were seen. */
  public void start() {
    routes.follow(loops);
    dispatchers.forEach(Dispatcher::start);
  }

  /** Looks for inputs that controllers have got since: types that the API server newly serves. */
  public void refresh() {
    routes.follow(loops);
  }

  /** Begins to work on a slice; the view must be as new as the last writes of its former owner. */
  public void acquire(int slice) {
    slices.own(slice);
    loops.forEach(loop -> loop.resync(inSlice(slice), clock.instant()));
  }

  /** Stops working on a slice; returns when nothing of it is under way, at the latest after 5 s. */
  public void release(int slice) {
    slices.disown(slice);
    var until = clock.instant().plus(RELEASE_LIMIT);
    while (loops.stream().anyMatch(loop -> loop.isWorkingOn(inSlice(slice)))
        && clock.instant().isBefore(until)) {
      LockSupport.parkNanos(RELEASE_POLL_NANOS);
    }
  }

  public Slices slices() {
    return slices;
  }

  private Predicate<Key> inSlice(int slice) {
    return key -> slices.of(key) == slice;
  }

  private static void wake(Semaphore signal) {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  @Override
  public void close() {
    routes.close();
    dispatchers.forEach(Dispatcher::close);
    events.close();
  }
}
