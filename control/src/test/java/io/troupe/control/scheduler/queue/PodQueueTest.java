package io.troupe.control.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.control.scheduler.Objects;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.place.Plugin;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodQueueTest {
  private final PodQueue queue = new PodQueue();

  private static PodInfo pod(String name, int priority) {
    var json = Objects.pod(name, "1", "1Gi", "'priority':" + priority);
    return PodInfo.of(json, PodShape.of(json));
  }

  private Optional<String> take(long now) {
    return queue.take(now).map(PodInfo::name);
  }

  @Test
  void shouldOrderByPriorityThenAge() {
    queue.add(pod("old", 0), false, 1);
    queue.add(pod("new", 0), false, 2);
    queue.add(pod("high", 5), false, 3);

    assertThat(take(4)).contains("high");
    assertThat(take(4)).contains("old");
    assertThat(take(4)).contains("new");
    assertThat(take(4)).isEmpty();
  }

  @Test
  void shouldWakeAParkedPodOnlyForWhatMayHelp() {
    PodInfo pod = pod("a", 0);
    queue.add(pod, false, 0);
    take(0);
    queue.park(pod.uid(), Set.of(Plugin.NODE_RESOURCES_FIT), 0);
    NodeSpec small = NodeSpec.of(Objects.node("n", "z", "500m", "8Gi", 10));
    NodeSpec big = NodeSpec.of(Objects.node("n", "z", "2", "8Gi", 10));

    queue.happened(new ClusterEvent.NodeChanged(null, small), 5_000);
    assertThat(take(5_000)).isEmpty();
    queue.happened(new ClusterEvent.NodeChanged(small, big), 5_000);
    assertThat(take(5_000)).contains("a");
  }

  @Test
  void shouldBackOffLongerEachTime() {
    assertThat(PodQueue.backOffMillis(1)).isEqualTo(1_000);
    assertThat(PodQueue.backOffMillis(3)).isEqualTo(4_000);
    assertThat(PodQueue.backOffMillis(9)).isEqualTo(10_000);
  }

  @Test
  void shouldRetryARefusedWriteSoonButNotAtOnce() {
    PodInfo pod = pod("a", 0);
    queue.add(pod, false, 0);
    take(0);
    queue.retry(pod.uid(), 0);

    assertThat(take(1)).isEmpty();
    assertThat(queue.nextMillis()).contains(20L);
    assertThat(take(20)).contains("a");
  }

  @Test
  void shouldFlushPodsThatAreParkedForMinutes() {
    PodInfo pod = pod("a", 0);
    queue.add(pod, false, 0);
    take(0);
    queue.park(pod.uid(), Set.of(Plugin.NODE_AFFINITY), 0);

    queue.flush(299_000);
    assertThat(take(299_000)).isEmpty();
    queue.flush(301_000);
    assertThat(take(301_000)).contains("a");
  }

  @Test
  void shouldMoveOnlyTheShareOfAZoneThatGoes() {
    Map<String, String> before = new HashMap<>();
    Set<String> three = Set.of("a", "b", "c");
    for (int i = 0; i < 300; i++) {
      PodInfo pod = pod("p" + i, 0);
      long holders = three.stream().filter(z -> new Share(z, three, true).holds(pod)).count();
      assertThat(holders).isEqualTo(1);
      String zone =
          three.stream().filter(z -> new Share(z, three, true).holds(pod)).findFirst().get();
      before.merge(zone, "x", String::concat);
      Set<String> two = Set.of("a", "b");
      if (!zone.equals("c")) {
        assertThat(new Share(zone, two, true).holds(pod)).isTrue();
      } else {
        assertThat(two.stream().filter(z -> new Share(z, two, true).holds(pod))).hasSize(1);
      }
    }
    assertThat(before.values()).allMatch(x -> x.length() > 60);
  }

  @Test
  void shouldScheduleNothingWhileAnOlderMemberDoes() {
    assertThat(new Share("a", Set.of("a"), false).holds(pod("p", 0))).isFalse();
  }
}
