package io.troupe.control.controllers.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.runtime.Harness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonSetControllerTest {
  private final Harness harness = new Harness(new DaemonSetController());

  @BeforeEach
  void nodes() {
    for (String name : List.of("n1", "n2", "n3")) {
      harness.create(
          Resources.NODES,
          "{'apiVersion':'v1','kind':'Node','metadata':{'name':'%s','labels':{'role':'a'}},'spec':{}}"
              .formatted(name));
    }
    harness.kubelet().placeBy(DaemonPod::node);
  }

  private void create(String strategy) {
    harness.create(
        Resources.DAEMON_SETS,
        """
        {'apiVersion':'apps/v1','kind':'DaemonSet','metadata':{'namespace':'x','name':'ds'},
         'spec':{'selector':{'matchLabels':{'a':'ds'}},'updateStrategy':%s,
          'template':{'metadata':{'labels':{'a':'ds'}},
           'spec':{'nodeSelector':{'role':'a'},'containers':[{'name':'c','image':'one'}]}}}}
        """
            .formatted(strategy));
    harness.settle();
  }

  private static final String ROLLING =
      "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':0,'maxUnavailable':1}}";
  private static final String SURGING =
      "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1,'maxUnavailable':0}}";

  private List<ObjectNode> pods() {
    return harness.list(Resources.PODS, "x");
  }

  private List<String> images() {
    return pods().stream()
        .filter(Pods::isActive)
        .map(p -> Json.text(p.path("spec").path("containers").get(0), "image"))
        .toList();
  }

  private void setImage(String image) {
    harness.patch(
        Resources.DAEMON_SETS,
        "x",
        "ds",
        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}}}");
  }

  private long status(String field) {
    return Json.number(harness.get(Resources.DAEMON_SETS, "x", "ds"), 0, "status", field);
  }

  @Test
  void shouldRunOnePodOnEachNodeThatFits() {
    create(ROLLING);
    assertThat(pods()).extracting(Pods::nodeName).containsExactlyInAnyOrder("n1", "n2", "n3");
    assertThat(status("numberReady")).isEqualTo(3);
    harness.patch(Resources.NODES, "", "n2", "{'metadata':{'labels':{'role':'b'}}}");
    harness.create(
        Resources.NODES,
        "{'apiVersion':'v1','kind':'Node','metadata':{'name':'n4','labels':{'role':'a'}},"
            + "'spec':{'taints':[{'key':'k','effect':'NoSchedule'}]}}");
    harness.settle();
    assertThat(pods()).extracting(Pods::nodeName).containsExactlyInAnyOrder("n1", "n3");
    harness.patch(Resources.NODES, "", "n4", "{'spec':{'taints':null}}");
    harness.settle();
    assertThat(pods()).hasSize(3);
    assertThat(status("desiredNumberScheduled")).isEqualTo(3);
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldReplacePodsOneNodeAfterTheOther() {
    create(ROLLING);
    harness.kubelet().readyIf(p -> !image(p).equals("bad"));
    setImage("bad");
    harness.settle();
    assertThat(images()).containsExactlyInAnyOrder("one", "one", "bad");
    setImage("two");
    harness.settle();
    assertThat(images()).containsExactly("two", "two", "two");
    assertThat(status("updatedNumberScheduled")).isEqualTo(3);
    assertThat(harness.secondRun()).isEmpty();
  }

  private static String image(ObjectNode pod) {
    return Json.text(pod.path("spec").path("containers").get(0), "image");
  }

  @Test
  void shouldSurgeBeforeItDeletes() {
    create(SURGING);
    harness.kubelet().readyIf(p -> !image(p).equals("bad"));
    setImage("bad");
    harness.settle();
    assertThat(images()).containsExactlyInAnyOrder("one", "one", "one", "bad");
    setImage("two");
    harness.settle();
    assertThat(images()).containsExactly("two", "two", "two");
  }

  @Test
  void shouldReplaceOnlyWhatIsDeletedOnDelete() {
    create("{'type':'OnDelete'}");
    setImage("two");
    harness.settle();
    assertThat(images()).containsExactly("one", "one", "one");
    harness.delete(Resources.PODS, "x", Meta.name(pods().getFirst()), "");
    harness.settle();
    assertThat(images()).containsExactlyInAnyOrder("one", "one", "two");
  }

  @Test
  void shouldReplaceAFailedPod() {
    create(ROLLING);
    harness.advance(Duration.ofSeconds(5));
    String name = Meta.name(pods().getFirst());
    harness.patchStatus(Resources.PODS, "x", name, "{'status':{'phase':'Failed'}}");
    harness.settle();
    assertThat(images()).hasSize(3);
    assertThat(harness.events())
        .anyMatch(e -> e.startsWith("FailedDaemonPod: Found failed daemon pod x/"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldEndTheSameInAnyOrderOfEvents(long seed) {
    create(seed % 2 == 0 ? SURGING : ROLLING);
    setImage("two");
    harness.settleByChance(seed);
    assertThat(images()).as("seed %d", seed).containsExactly("two", "two", "two");
    assertThat(pods()).extracting(Pods::nodeName).doesNotHaveDuplicates();
    assertThat(harness.secondRun()).isEmpty();
  }
}
