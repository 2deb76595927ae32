package io.troupe.control.controllers.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.runtime.Harness;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulSetControllerTest {
  private final Harness harness = new Harness(new StatefulSetController());

  private void create(int replicas, String more) {
    harness.create(
        Resources.STATEFUL_SETS,
        """
        {'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'namespace':'x','name':'db'},
         'spec':{'replicas':%d,'serviceName':'db','selector':{'matchLabels':{'a':'db'}},%s
          'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'partition':0}},
          'volumeClaimTemplates':[{'metadata':{'name':'data'},'spec':{'accessModes':['ReadWriteOnce']}}],
          'template':{'metadata':{'labels':{'a':'db'}},
           'spec':{'containers':[{'name':'c','image':'one'}]}}}}
        """
            .formatted(replicas, more));
  }

  private List<ObjectNode> pods() {
    return harness.list(Resources.PODS, "x");
  }

  private void patch(String spec) {
    harness.patch(Resources.STATEFUL_SETS, "x", "db", "{'spec':" + spec + "}");
  }

  private static final String TWO =
      "{'template':{'spec':{'containers':[{'name':'c','image':'two'}]}}}";

  private static String image(ObjectNode pod) {
    return Json.text(pod.path("spec").path("containers").get(0), "image");
  }

  private long status(String field) {
    return Json.number(harness.get(Resources.STATEFUL_SETS, "x", "db"), 0, "status", field);
  }

  @Test
  void shouldBringUpPodsOneAfterTheOther() {
    harness.kubelet().readyIf(pod -> !Meta.name(pod).equals("db-1"));
    create(3, "");
    harness.settle();
    assertThat(Harness.names(pods())).containsExactly("db-0", "db-1");
    harness.kubelet().readyIf(pod -> true);
    harness.settle();
    assertThat(Harness.names(pods())).containsExactly("db-0", "db-1", "db-2");
    ObjectNode last = harness.get(Resources.PODS, "x", "db-2");
    assertThat(Json.text(last, "spec", "hostname")).isEqualTo("db-2");
    assertThat(Json.text(last, "spec", "subdomain")).isEqualTo("db");
    assertThat(Meta.labels(last))
        .containsEntry("apps.kubernetes.io/pod-index", "2")
        .containsEntry("statefulset.kubernetes.io/pod-name", "db-2");
    assertThat(Harness.names(harness.list(Resources.PERSISTENT_VOLUME_CLAIMS, "x")))
        .containsExactly("data-db-0", "data-db-1", "data-db-2");
    assertThat(status("readyReplicas")).isEqualTo(3);
    assertThat(harness.events())
        .contains("SuccessfulCreate: Create Pod db-0 in StatefulSet db successful");
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldBringUpAllAtOnceWhenParallel() {
    harness.kubelet().readyIf(pod -> false);
    create(4, "'podManagementPolicy':'Parallel','ordinals':{'start':2},");
    harness.settle();
    assertThat(Harness.names(pods())).containsExactly("db-2", "db-3", "db-4", "db-5");
  }

  @Test
  void shouldScaleDownFromTheTopAndKeepClaims() {
    create(3, "");
    harness.settle();
    patch("{'replicas':1}");
    harness.settle();
    assertThat(Harness.names(pods())).containsExactly("db-0");
    assertThat(harness.list(Resources.PERSISTENT_VOLUME_CLAIMS, "x")).hasSize(3);
  }

  @Test
  void shouldGiveClaimsToThePodsThatAreScaledAway() {
    create(2, "'persistentVolumeClaimRetentionPolicy':{'whenScaled':'Delete'},");
    harness.settle();
    patch("{'replicas':1}");
    harness.settle();
    ObjectNode claim = harness.get(Resources.PERSISTENT_VOLUME_CLAIMS, "x", "data-db-1");
    assertThat(Meta.controllerOf(claim).orElseThrow().get("name").asText()).isEqualTo("db-1");
  }

  @Test
  void shouldReplacePodsFromTheTopAndStopAtThePartition() {
    create(3, "");
    harness.settle();
    patch("{'updateStrategy':{'rollingUpdate':{'partition':1}}}");
    patch(TWO);
    harness.settle();
    assertThat(pods())
        .extracting(StatefulSetControllerTest::image)
        .containsExactly("one", "two", "two");
    ObjectNode set = harness.get(Resources.STATEFUL_SETS, "x", "db");
    assertThat(Json.text(set, "status", "currentRevision"))
        .isNotEqualTo(Json.text(set, "status", "updateRevision"));
    harness.delete(Resources.PODS, "x", "db-0", "");
    harness.settle();
    assertThat(image(harness.get(Resources.PODS, "x", "db-0"))).isEqualTo("one");
    patch("{'updateStrategy':{'rollingUpdate':{'partition':0}}}");
    harness.settle();
    assertThat(pods()).extracting(StatefulSetControllerTest::image).containsOnly("two");
    set = harness.get(Resources.STATEFUL_SETS, "x", "db");
    assertThat(Json.text(set, "status", "currentRevision"))
        .isEqualTo(Json.text(set, "status", "updateRevision"));
    assertThat(harness.list(Resources.CONTROLLER_REVISIONS, "x")).hasSize(2);
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldReplaceAFinishedPodUnderItsName() {
    create(1, "");
    harness.settle();
    String uid = Meta.uid(pods().getFirst());
    harness.patchStatus(Resources.PODS, "x", "db-0", "{'status':{'phase':'Failed'}}");
    harness.settle();
    assertThat(Meta.uid(pods().getFirst())).isNotEqualTo(uid);
    assertThat(Pods.isReady(pods().getFirst())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldEndTheSameInAnyOrderOfEvents(long seed) {
    create(3, "");
    harness.settleByChance(seed);
    patch(TWO);
    patch("{'replicas':4}");
    harness.settleByChance(seed + 10);
    assertThat(pods())
        .as("seed %d", seed)
        .extracting(StatefulSetControllerTest::image)
        .hasSize(4)
        .containsOnly("two");
    assertThat(status("updatedReplicas")).isEqualTo(4);
    assertThat(harness.secondRun()).isEmpty();
  }
}
