package io.troupe.control.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.TemplateHash;
import io.troupe.control.controllers.runtime.Harness;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentControllerTest {
  private final Harness harness =
      new Harness(new DeploymentController(), ReplicaSetController.ofReplicaSets());

  private static final String WEB =
      """
      {'apiVersion':'apps/v1','kind':'Deployment','metadata':{'namespace':'x','name':'web'},
       'spec':{'replicas':%d,'selector':{'matchLabels':{'app':'web'}},'progressDeadlineSeconds':600,
       'revisionHistoryLimit':2,
       'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':'25%%','maxUnavailable':'25%%'}},
       'template':{'metadata':{'labels':{'app':'web'}},
         'spec':{'containers':[{'name':'c','image':'one'}]}}}}
      """;

  private void deploy(int replicas) {
    harness.create(Resources.DEPLOYMENTS, WEB.formatted(replicas));
  }

  private ObjectNode web() {
    return harness.get(Resources.DEPLOYMENTS, "x", "web");
  }

  private long status(String field) {
    return Json.number(web(), 0, "status", field);
  }

  private void setImage(String image) {
    harness.patch(
        Resources.DEPLOYMENTS,
        "x",
        "web",
        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}}}");
  }

  private List<ObjectNode> sets() {
    return harness.list(Resources.REPLICA_SETS, "x");
  }

  private List<String> images() {
    return harness.list(Resources.PODS, "x").stream()
        .filter(Pods::isActive)
        .map(p -> Json.text(p.path("spec").path("containers").get(0), "image"))
        .toList();
  }

  @Test
  void shouldBringUpPodsAndTellSo() {
    deploy(3);
    harness.settle();
    assertThat(images()).containsExactly("one", "one", "one");
    assertThat(status("availableReplicas")).isEqualTo(3);
    assertThat(status("observedGeneration")).isEqualTo(1);
    assertThat(Conditions.reason(web(), "Progressing")).isEqualTo("NewReplicaSetAvailable");
    assertThat(Conditions.isTrue(web(), "Available")).isTrue();
    assertThat(Meta.annotations(web())).containsEntry(Revisions.REVISION, "1");
    String set = Meta.name(sets().getFirst());
    assertThat(set).matches("web-[bcdf-hj-np-tv-xz2456789]{1,10}");
    assertThat(harness.events())
        .contains("ScalingReplicaSet: Scaled up replica set " + set + " from 0 to 3")
        .anyMatch(e -> e.startsWith("SuccessfulCreate: Created pod: " + set + "-"));
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldRollWithinSurgeAndUnavailable() {
    deploy(8);
    harness.settle();
    setImage("two");
    int most = 0;
    long leastAvailable = 8;
    for (int i = 0; i < 100; i++) {
      harness.step();
      List<ObjectNode> pods =
          harness.list(Resources.PODS, "x").stream().filter(Pods::isActive).toList();
      most = Math.max(most, Sets.wanted(sets()));
      leastAvailable = Math.min(leastAvailable, pods.stream().filter(Pods::isReady).count());
      harness.kubelet().step();
    }
    harness.settle();
    assertThat(most).isEqualTo(10);
    assertThat(leastAvailable).isEqualTo(6);
    assertThat(images()).hasSize(8).containsOnly("two");
    assertThat(sets()).hasSize(2);
    assertThat(Meta.annotations(web())).containsEntry(Revisions.REVISION, "2");
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldStopARolloutWhoseNewPodsAreNotReady() {
    harness
        .kubelet()
        .readyIf(
            pod -> !Json.text(pod.path("spec").path("containers").get(0), "image").equals("bad"));
    deploy(4);
    harness.settle();
    setImage("bad");
    harness.settle();
    assertThat(images()).filteredOn("one"::equals).hasSize(3);
    assertThat(images()).filteredOn("bad"::equals).hasSize(2);
    harness.advance(Duration.ofSeconds(602));
    assertThat(Conditions.reason(web(), "Progressing")).isEqualTo("ProgressDeadlineExceeded");
    setImage("one");
    harness.settle();
    assertThat(images()).hasSize(4).containsOnly("one");
    assertThat(Meta.annotations(web())).containsEntry(Revisions.REVISION, "3");
    ObjectNode first = sets().stream().filter(s -> Sets.wanted(s) == 4).findFirst().orElseThrow();
    assertThat(Meta.annotations(first)).containsEntry(Revisions.HISTORY, "1");
  }

  @Test
  void shouldRecreateOnlyAfterTheOldPodsAreGone() {
    harness.create(
        Resources.DEPLOYMENTS,
        WEB.formatted(3).replaceAll("'strategy'.*?\\}\\},", "'strategy':{'type':'Recreate'},"));
    harness.settle();
    setImage("two");
    harness.kubelet(false).settle();
    assertThat(images()).isEmpty();
    assertThat(harness.list(Resources.PODS, "x")).hasSize(3);
    harness.kubelet(true).settle();
    assertThat(images()).containsExactly("two", "two", "two");
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldNotRollWhilePausedButScale() {
    deploy(2);
    harness.settle();
    harness.patch(Resources.DEPLOYMENTS, "x", "web", "{'spec':{'paused':true,'replicas':3}}");
    setImage("two");
    harness.settle();
    assertThat(images()).containsExactly("one", "one", "one");
    assertThat(Conditions.reason(web(), "Progressing")).isEqualTo("DeploymentPaused");
    harness.patch(Resources.DEPLOYMENTS, "x", "web", "{'spec':{'paused':null}}");
    harness.settle();
    assertThat(images()).containsExactly("two", "two", "two");
  }

  @Test
  void shouldScaleProportionallyInTheMiddleOfARollout() {
    harness.kubelet().readyIf(p -> images(p).equals("one"));
    deploy(10);
    harness.settle();
    setImage("bad");
    harness.settle();
    assertThat(images()).filteredOn("one"::equals).hasSize(8);
    assertThat(images()).filteredOn("bad"::equals).hasSize(5);
    harness.patch(Resources.DEPLOYMENTS, "x", "web", "{'spec':{'replicas':20}}");
    harness.settle();
    assertThat(images()).hasSize(25);
    assertThat(images()).filteredOn("one"::equals).hasSize(15);
  }

  private static String images(ObjectNode pod) {
    return Json.text(pod.path("spec").path("containers").get(0), "image");
  }

  @Test
  void shouldKeepAsManyOldSetsAsTheHistoryLimitSays() {
    deploy(1);
    for (String image : List.of("two", "three", "four", "five")) {
      harness.settle();
      setImage(image);
    }
    harness.settle();
    harness.advance(Duration.ofSeconds(1));
    assertThat(sets()).hasSize(3);
    assertThat(images()).containsExactly("five");
  }

  @Test
  void shouldCountAHashCollisionAndTakeAnotherName() {
    deploy(1);
    String hash = TemplateHash.of(Json.at(web(), "spec", "template"), null);
    harness.create(
        Resources.REPLICA_SETS,
        "{'metadata':{'namespace':'x','name':'web-"
            + hash
            + "'},'spec':{'replicas':0,'selector':{'matchLabels':{'a':'b'}},"
            + "'template':{'metadata':{'labels':{'a':'b'}}}}}");
    harness.settle();
    assertThat(status("collisionCount")).isEqualTo(1);
    assertThat(images()).containsExactly("one");
  }

  @Test
  void shouldReportWhatTheApiServerRefuses() {
    harness.cluster.admit(
        (type, body) ->
            type.equals(Resources.PODS)
                ? Optional.of(Refusal.forbidden(type.type(), "p", "exceeded quota: q"))
                : Optional.empty());
    deploy(3);
    harness.advance(Duration.ofSeconds(2));
    ObjectNode set = sets().getFirst();
    assertThat(Conditions.reason(set, "ReplicaFailure")).isEqualTo("FailedCreate");
    assertThat(Conditions.reason(web(), "ReplicaFailure")).isEqualTo("FailedCreate");
    assertThat(harness.events())
        .contains("FailedCreate: Error creating: pods \"p\" is forbidden: exceeded quota: q");
    harness.cluster.admit((type, body) -> Optional.empty());
    harness.advance(Duration.ofSeconds(1100));
    assertThat(images()).hasSize(3);
    assertThat(Conditions.find(web(), "ReplicaFailure")).isEmpty();
  }

  @Test
  void shouldAdoptMatchingSetsAndReleaseOthers() {
    deploy(2);
    harness.settle();
    String name = Meta.name(sets().getFirst());
    harness.patch(Resources.REPLICA_SETS, "x", name, "{'metadata':{'ownerReferences':null}}");
    harness.settle();
    assertThat(Meta.controllerOf(sets().getFirst())).isPresent();
    assertThat(images()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shouldEndTheSameInAnyOrderOfEvents(long seed) {
    deploy(5);
    harness.settleByChance(seed);
    setImage("two");
    harness.patch(Resources.DEPLOYMENTS, "x", "web", "{'spec':{'replicas':4}}");
    harness.settleByChance(seed + 1000);
    assertThat(images()).as("seed %d", seed).hasSize(4).containsOnly("two");
    assertThat(status("readyReplicas")).isEqualTo(4);
    assertThat(Conditions.reason(web(), "Progressing")).isEqualTo("NewReplicaSetAvailable");
    assertThat(harness.secondRun()).isEmpty();
  }
}
