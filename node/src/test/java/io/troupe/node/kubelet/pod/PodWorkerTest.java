package io.troupe.node.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.pod.ContainerState.Phase;
import io.troupe.node.kubelet.pod.ProbeStates.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodWorkerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
  private static final String TWO_AND_SIDECAR =
      """
      "initContainers":[{"name":"one","image":"i"},
        {"name":"side","image":"i","restartPolicy":"Always"},{"name":"two","image":"i"}],
      "containers":[{"name":"main","image":"i"}]""";

  private final List<ContainerState> containers = new ArrayList<>();
  private PodMemory memory = PodMemory.NONE;
  private ProbeStates probes = ProbeStates.NONE;
  private List<SandboxState> sandboxes = List.of(sandbox(true));

  private static SandboxState sandbox(boolean ready) {
    return new SandboxState("s1", 0, ready, false, List.of("10.0.0.5"), NOW);
  }

  private static ObjectNode pod(String policy, String spec) {
    return Json.parse(
        """
        {"metadata":{"name":"p","namespace":"n","uid":"u"},"spec":{"restartPolicy":"%s",%s}}"""
            .formatted(policy, spec));
  }

  private static ObjectNode main(String policy) {
    return pod(policy, "\"containers\":[{\"name\":\"main\",\"image\":\"i\"}]");
  }

  private PodWorkerTest has(String name, Phase phase, int exitCode) {
    String hash = ContainerHash.of(Json.object().put("name", name).put("image", "i"));
    boolean exited = phase == Phase.EXITED;
    containers.addFirst(
        new ContainerState(
            name + containers.size(),
            name,
            "s1",
            phase,
            0,
            hash,
            "i",
            "i",
            NOW.minusSeconds(60),
            NOW.minusSeconds(60),
            exited ? NOW.minusSeconds(1) : null,
            exitCode,
            "",
            ""));
    return this;
  }

  private Plan next(ObjectNode pod, Stage stage) {
    return PodWorker.next(
        new Situation(pod, stage, 30, new PodState(sandboxes, containers), memory, probes, NOW));
  }

  private List<String> starts(ObjectNode pod) {
    return next(pod, Stage.SYNCING).actions().stream()
        .filter(Action.StartContainer.class::isInstance)
        .map(a -> ((Action.StartContainer) a).name())
        .toList();
  }

  @Test
  void shouldBeginWithASandbox() {
    sandboxes = List.of();
    assertThat(next(main("Always"), Stage.SYNCING).actions())
        .containsExactly(new Action.Prepare(), new Action.StartSandbox(0, false));
  }

  @Test
  void shouldMakeANewSandboxWhenTheOldOneDied() {
    sandboxes = List.of(sandbox(false));
    has("main", Phase.EXITED, 137);
    assertThat(next(main("Always"), Stage.SYNCING).actions())
        .contains(new Action.StartSandbox(1, true));
    assertThat(next(main("Never"), Stage.SYNCING).actions()).isEmpty();
  }

  @Test
  void shouldRunInitContainersOneAfterTheOtherAndKeepSidecars() {
    ObjectNode pod = pod("Always", TWO_AND_SIDECAR);
    assertThat(starts(pod)).containsExactly("one");
    has("one", Phase.RUNNING, 0);
    assertThat(starts(pod)).isEmpty();
    containers.clear();
    has("one", Phase.EXITED, 0);
    assertThat(starts(pod)).containsExactly("side");
    has("side", Phase.RUNNING, 0);
    assertThat(starts(pod)).containsExactly("two");
    has("two", Phase.EXITED, 0);
    assertThat(starts(pod)).containsExactly("main");
    has("main", Phase.RUNNING, 0);
    assertThat(starts(pod)).isEmpty();
    containers.removeIf(c -> c.name().equals("side"));
    has("side", Phase.EXITED, 1);
    assertThat(starts(pod)).containsExactly("side");
  }

  @Test
  void shouldHoldLaterInitContainersUntilASidecarsStartupProbePassed() {
    ObjectNode pod =
        pod(
            "Always",
            """
            "initContainers":[{"name":"side","image":"i","restartPolicy":"Always","startupProbe":{}}],
            "containers":[{"name":"main","image":"i"}]""");
    has("side", Phase.RUNNING, 0);
    assertThat(starts(pod)).isEmpty();
    probes = probes.with("side0", Kind.STARTUP, true);
    assertThat(starts(pod)).containsExactly("main");
  }

  @Test
  void shouldGiveUpWhenAnInitContainerFailedAndNothingRestarts() {
    ObjectNode pod = pod("Never", TWO_AND_SIDECAR);
    has("one", Phase.EXITED, 1);
    assertThat(next(pod, Stage.SYNCING).actions())
        .containsExactly(
            new Action.StopAll(30), new Action.StopSandboxes(List.of(), List.of("s1")));
  }

  @Test
  void shouldRestartAsThePolicySays() {
    has("main", Phase.EXITED, 0);
    assertThat(starts(main("Always"))).containsExactly("main");
    assertThat(starts(main("OnFailure"))).isEmpty();
    assertThat(starts(main("Never"))).isEmpty();
    containers.clear();
    has("main", Phase.EXITED, 2);
    assertThat(starts(main("OnFailure"))).containsExactly("main");
    assertThat(starts(main("Never"))).isEmpty();
  }

  @Test
  void shouldWaitForTheBackOff() {
    has("main", Phase.EXITED, 2);
    ContainerState last = containers.getFirst();
    String key = "main_" + last.hash();
    memory =
        memory.withRestarts(Backoffs.NONE.next(key, NOW.minusSeconds(30), NOW.minusSeconds(30)));
    Plan plan = next(main("Always"), Stage.SYNCING);
    assertThat(plan.actions())
        .containsExactly(
            new Action.BackOff(
                "main",
                "back-off 10s restarting failed container=main pod=p_n(u)",
                NOW.plusSeconds(9)));
    assertThat(plan.lookAgain()).contains(NOW.plusSeconds(9));
  }

  @Test
  void shouldRestartWhatIsNotAlive() {
    has("main", Phase.RUNNING, 0);
    probes = probes.with("main0", Kind.LIVENESS, false);
    assertThat(next(main("Always"), Stage.SYNCING).actions())
        .containsExactly(
            new Action.Prepare(),
            new Action.StopContainer(
                "main0",
                "main",
                "Container main failed liveness probe, will be restarted",
                Action.KillReason.LIVENESS_PROBE),
            new Action.StartContainer("main"));
  }

  @Test
  void shouldStopEverythingAndThenLetGo() {
    has("main", Phase.RUNNING, 0);
    assertThat(next(main("Always"), Stage.TERMINATING).actions())
        .containsExactly(
            new Action.StopAll(30), new Action.StopSandboxes(List.of(), List.of("s1")));
    ObjectNode deleted = main("Always");
    Json.ensure(deleted, "metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
    assertThat(next(deleted, Stage.TERMINATED).actions())
        .containsExactly(new Action.TearDown(), new Action.Delete());
    assertThat(next(main("Always"), Stage.TERMINATED).actions())
        .containsExactly(new Action.TearDown());
  }

  @Test
  void shouldDoubleTheBackOffUpToFiveMinutesAndForgetIt() {
    Backoffs backoffs = Backoffs.NONE;
    Instant time = NOW;
    List<String> delays = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      backoffs = backoffs.next("k", time, time);
      delays.add(Backoffs.text(backoffs.entries().get("k").delay()));
      time = time.plus(backoffs.entries().get("k").delay());
    }
    assertThat(delays).containsExactly("10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s");
    Instant muchLater = time.plusSeconds(601);
    assertThat(backoffs.holding("k", muchLater, muchLater)).isEmpty();
    assertThat(backoffs.next("k", muchLater, muchLater).entries().get("k").delay().toSeconds())
        .isEqualTo(10);
  }
}
