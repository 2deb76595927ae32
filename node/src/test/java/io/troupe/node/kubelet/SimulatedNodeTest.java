package io.troupe.node.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.node.runtime.simulated.SimulatedRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many pods on a node without containers. */
class SimulatedNodeTest {
  private static final int PODS = 200;

  @TempDir Path dir;

  private final FakeCluster cluster = new FakeCluster();

  private KubeletSettings settings(SimulatedRuntime runtime, int podsMax) {
    return new KubeletSettings(
        "n1",
        runtime,
        List.of("10.0.0.1"),
        dir.resolve("kubelet"),
        dir.resolve("logs"),
        dir.resolve("links"),
        Map.of(),
        List.of(),
        "cluster.local",
        "",
        podsMax,
        Optional.empty());
  }

  private void createPod(int i) {
    cluster.create(
        Resources.PODS,
        Json.parse(
            """
            {"metadata":{"name":"p%d","namespace":"shop"},
             "spec":{"nodeName":"n1","containers":[{"name":"main","image":"any"}]}}"""
                .formatted(i)));
  }

  private long inPhase(String phase) {
    return cluster.list(Resources.PODS, "shop").stream()
        .filter(p -> Json.text(p, "status", "phase").equals(phase))
        .count();
  }

  @Test
  void shouldRunAndEndManyPods() {
    try (SimulatedRuntime runtime = new SimulatedRuntime("10.99", Clock.systemUTC());
        Kubelet kubelet = Kubelet.start(settings(runtime, 1_000), cluster, cluster)) {
      assertThat(kubelet.port()).isEmpty();
      for (int i = 0; i < PODS; i++) {
        createPod(i);
      }
      Until.isTrue(() -> inPhase("Running") == PODS, () -> inPhase("Running"));
      for (int i = 0; i < PODS; i++) {
        cluster.delete(Resources.PODS, "shop", "p" + i, DeleteOptions.DEFAULT);
      }
      Until.isTrue(
          () -> cluster.list(Resources.PODS, "").isEmpty() && runtime.sandboxes("").isEmpty(),
          () -> runtime.sandboxes("").size());
    }
  }

  @Test
  void shouldFailAPodForWhichThereIsNoRoom() {
    try (SimulatedRuntime runtime = new SimulatedRuntime("10.99", Clock.systemUTC());
        Kubelet kubelet = Kubelet.start(settings(runtime, 1), cluster, cluster)) {
      assertThat(kubelet.port()).isEmpty();
      createPod(0);
      Until.isTrue(() -> inPhase("Running") == 1, () -> inPhase("Running"));
      createPod(1);
      Until.isTrue(() -> inPhase("Failed") == 1, () -> inPhase("Failed"));
      assertThat(Json.text(cluster.get(Resources.PODS, "shop", "p1"), "status", "reason"))
          .isEqualTo("OutOfpods");
    }
  }

  @Test
  void shouldEndWhatTheApiForgotWhileNobodyWatched() {
    try (SimulatedRuntime runtime = new SimulatedRuntime("10.99", Clock.systemUTC())) {
      try (Kubelet kubelet = Kubelet.start(settings(runtime, 10), cluster, cluster)) {
        assertThat(kubelet.port()).isEmpty();
        createPod(0);
        Until.isTrue(() -> inPhase("Running") == 1, () -> inPhase("Running"));
      }
      assertThat(runtime.sandboxes("")).hasSize(1);
      cluster.delete(Resources.PODS, "shop", "p0", DeleteOptions.now(""));
      try (Kubelet again = Kubelet.start(settings(runtime, 10), cluster, cluster)) {
        assertThat(again.port()).isEmpty();
        Until.isTrue(() -> runtime.sandboxes("").isEmpty(), () -> runtime.sandboxes(""));
      }
    }
  }
}
