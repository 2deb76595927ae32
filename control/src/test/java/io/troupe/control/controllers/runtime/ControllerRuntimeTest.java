package io.troupe.control.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.ControllerSettings;
import io.troupe.control.controllers.Controllers;
import io.troupe.control.controllers.node.NodeTimes;
import io.troupe.control.controllers.workload.DeploymentController;
import io.troupe.control.controllers.workload.ReplicaSetController;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllerRuntimeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MiniCluster cluster = new MiniCluster();
  private final LaggingView view = new LaggingView(cluster);
  private final FakeKubelet kubelet = new FakeKubelet(cluster);
  private volatile boolean running = true;
  private Thread world;

  @BeforeEach
  void startWorld() {
    world =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (running) {
                    boolean worked = view.advanceAny();
                    worked |= kubelet.step();
                    if (!worked) {
                      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
                    }
                  }
                });
  }

  @AfterEach
  void stopWorld() throws InterruptedException {
    running = false;
    world.join();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not within " + PATIENCE);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private void deploy(String namespace, int replicas) {
    cluster.create(
        Resources.DEPLOYMENTS,
        Json.parse(
            """
            {"apiVersion":"apps/v1","kind":"Deployment",
             "metadata":{"namespace":"%s","name":"web"},
             "spec":{"replicas":%d,"selector":{"matchLabels":{"app":"web"}},
             "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[]}}}}
            """
                .formatted(namespace, replicas)));
  }

  private boolean isReady(String namespace, int replicas) {
    ObjectNode web = cluster.get(Resources.DEPLOYMENTS, namespace, "web");
    return Json.number(web, 0, "status", "readyReplicas") == replicas
        && cluster.all(Resources.PODS, namespace).size() == replicas;
  }

  private ControllerRuntime runtime(Slices slices) {
    List<Controller> controllers =
        List.of(new DeploymentController(), ReplicaSetController.ofReplicaSets());
    return new ControllerRuntime(controllers, view, cluster, slices, InstantSource.system());
  }

  @Test
  void shouldRunDeploymentsOnThreads() {
    try (ControllerRuntime runtime = runtime(Slices.all())) {
      runtime.start();
      for (String namespace : List.of("a", "b", "c")) {
        deploy(namespace, 20);
      }
      await(() -> isReady("a", 20) && isReady("b", 20) && isReady("c", 20));
    }
  }

  @Test
  void shouldMoveSlicesFromOneProcessToAnotherWithoutDoingAnythingTwice() {
    try (ControllerRuntime first = runtime(Slices.owning(4, IntStream.range(0, 4)));
        ControllerRuntime second = runtime(new Slices(4))) {
      first.start();
      second.start();
      for (int i = 0; i < 8; i++) {
        deploy("ns" + i, 5);
      }
      for (int slice = 0; slice < 4; slice++) {
        first.release(slice);
        var written = cluster.lasts();
        await(() -> view.hasReached(written));
        second.acquire(slice);
      }
      await(() -> IntStream.range(0, 8).allMatch(i -> isReady("ns" + i, 5)));
    }
    assertThat(cluster.all(Resources.PODS, "")).hasSize(40);
    assertThat(cluster.takeWrites()).noneMatch(w -> w.startsWith("delete pods/"));
    assertThat(cluster.all(Resources.REPLICA_SETS, "")).extracting(Meta::namespace).hasSize(8);
  }

  @Test
  void shouldRefuseTwoOwnersOfOneOutput() {
    assertThatThrownBy(
            () ->
                new ControllerRuntime(
                    List.of(new DeploymentController(), new DeploymentController()),
                    view,
                    cluster,
                    Slices.all(),
                    InstantSource.system()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("deployments.apps (status) is an output of both deployment and deployment");
  }

  @Test
  void shouldGiveEachOutputOfTheWholeSetOneOwner() {
    var settings =
        new ControllerSettings(
            () -> List.of(Resources.PODS, Resources.CONFIG_MAPS),
            () -> "PEM",
            request -> "PEM",
            NodeTimes.DEFAULT);
    Outputs.requireOneOwnerEach(Controllers.all(settings));
  }
}
