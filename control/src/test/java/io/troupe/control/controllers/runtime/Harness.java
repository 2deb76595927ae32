package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Drives controllers by hand over a miniature cluster: no threads, time by parameter. */
public final class Harness {
  private static final int STEPS_AT_MOST = 5_000;

  public final MiniCluster cluster = new MiniCluster();
  public final LaggingView view = new LaggingView(cluster);
  private final List<ControllerLoop> loops = new ArrayList<>();
  private final FakeKubelet kubelet = new FakeKubelet(cluster);
  private boolean kubeletRuns = true;

  public Harness(Controller... controllers) {
    this(List.of(controllers));
  }

  public Harness(List<Controller> controllers) {
    Outputs.requireOneOwnerEach(controllers);
    EventRecorder recorder = new EventRecorder(cluster, cluster::now, Runnable::run);
    for (Controller controller : controllers) {
      var executor = new WriteExecutor(controller, cluster, recorder, false);
      loops.add(new ControllerLoop(controller, view, executor, Slices.all(), () -> {}));
    }
    Routes routes = new Routes(view, cluster::now);
    routes.follow(loops);
  }

  public FakeKubelet kubelet() {
    return kubelet;
  }

  /** Stops or restarts the kubelet: without it pods stay as they are. */
  public Harness kubelet(boolean runs) {
    kubeletRuns = runs;
    return this;
  }

  public ObjectNode create(Resource type, String json) {
    return cluster.create(type, Json.parse(json.replace('\'', '"')));
  }

  public ObjectNode get(Resource type, String namespace, String name) {
    return cluster.get(type, namespace, name);
  }

  public List<ObjectNode> list(Resource type, String namespace) {
    return cluster.all(type, namespace);
  }

  public void delete(Resource type, String namespace, String name, String propagation) {
    cluster.delete(type, namespace, name, new DeleteOptions(-1, propagation, "", ""));
  }

  /** Merges into the object as a user's patch would. */
  public ObjectNode patch(Resource type, String namespace, String name, String json) {
    return cluster.patch(
        type,
        namespace,
        name,
        "",
        io.troupe.api.client.KubeClient.PatchType.MERGE,
        Json.parse(json.replace('\'', '"')));
  }

  public ObjectNode patchStatus(Resource type, String namespace, String name, String json) {
    return cluster.patch(
        type,
        namespace,
        name,
        "status",
        io.troupe.api.client.KubeClient.PatchType.MERGE,
        Json.parse(json.replace('\'', '"')));
  }

  public List<String> events() {
    return list(Resources.EVENTS, "").stream()
        .map(e -> Json.text(e, "reason") + ": " + Json.text(e, "message"))
        .toList();
  }

  /** Everything that is due now, until nothing is. */
  public Harness settle() {
    for (int step = 0; step < STEPS_AT_MOST; step++) {
      boolean shown = showAll();
      boolean ran = runNextOnce();
      boolean stepped = kubeletRuns && kubelet.step();
      if (!shown && !ran && !stepped) {
        return this;
      }
    }
    throw new AssertionError("does not settle; last writes: " + lastWrites());
  }

  private List<String> lastWrites() {
    List<String> writes = cluster.takeWrites();
    return writes.subList(Math.max(0, writes.size() - 10), writes.size());
  }

  /** One round of every due key, after showing everything. */
  public Harness step() {
    showAll();
    List<Runnable> due = new ArrayList<>();
    for (ControllerLoop loop : loops) {
      for (Optional<Key> key = loop.take(cluster.now());
          key.isPresent();
          key = loop.take(cluster.now())) {
        Key taken = key.get();
        due.add(() -> loop.run(taken, cluster.now()));
      }
    }
    due.forEach(Runnable::run);
    showAll();
    return this;
  }

  /** The same as {@link #settle}, in an order by chance. */
  public Harness settleByChance(long seed) {
    Random random = new Random(seed);
    int quiet = 0;
    for (int step = 0; step < STEPS_AT_MOST && quiet < 60; step++) {
      int before = cluster.log.size();
      boolean wasBehind = !view.behind().isEmpty() || isDue();
      showOrRun(random);
      boolean idle = before == cluster.log.size() && !wasBehind;
      quiet = idle ? quiet + 1 : 0;
    }
    if (quiet < 60) {
      throw new AssertionError("does not settle with seed " + seed);
    }
    return this;
  }

  private void showOrRun(Random random) {
    switch (random.nextInt(3)) {
      case 0 -> {
        List<Resource> behind = List.copyOf(view.behind());
        if (!behind.isEmpty()) {
          view.advance(behind.get(random.nextInt(behind.size())));
        }
      }
      case 1 -> {
        ControllerLoop loop = loops.get(random.nextInt(loops.size()));
        loop.take(cluster.now()).ifPresent(key -> loop.run(key, cluster.now()));
        // Back-off is of some milliseconds; let them pass.
        cluster.setNow(cluster.now().plusMillis(20));
      }
      default -> {
        if (kubeletRuns) {
          kubelet.step();
        }
      }
    }
  }

  private boolean isDue() {
    return loops.stream()
        .flatMap(loop -> loop.nextDue().stream())
        .anyMatch(due -> due.isBefore(cluster.now().plusMillis(200)));
  }

  public Harness advance(Duration time) {
    Instant target = cluster.now().plus(time);
    settle();
    for (int i = 0; i < STEPS_AT_MOST; i++) {
      Optional<Instant> next =
          loops.stream().flatMap(loop -> loop.nextDue().stream()).min(Instant::compareTo);
      if (next.isEmpty() || next.get().isAfter(target)) {
        cluster.setNow(target);
        return settle();
      }
      if (next.get().isAfter(cluster.now())) {
        cluster.setNow(next.get());
      }
      settle();
    }
    throw new AssertionError("time stands still");
  }

  /** Runs every key once more and returns what was written: nothing, if controllers are honest. */
  public List<String> secondRun() {
    cluster.takeWrites();
    loops.forEach(loop -> loop.resync(key -> true, cluster.now()));
    boolean kubeletRan = kubeletRuns;
    kubeletRuns = false;
    settle();
    kubeletRuns = kubeletRan;
    return cluster.takeWrites();
  }

  private boolean showAll() {
    boolean any = false;
    for (List<Resource> behind = List.copyOf(view.behind());
        !behind.isEmpty();
        behind = List.copyOf(view.behind())) {
      behind.forEach(view::advance);
      any = true;
    }
    return any;
  }

  private boolean runNextOnce() {
    for (ControllerLoop loop : loops) {
      Optional<Key> key = loop.take(cluster.now());
      if (key.isPresent()) {
        loop.run(key.get(), cluster.now());
        return true;
      }
    }
    return false;
  }

  /** Names of a list, sorted. */
  public static List<String> names(List<ObjectNode> objects) {
    return objects.stream().map(Meta::name).sorted().toList();
  }
}
