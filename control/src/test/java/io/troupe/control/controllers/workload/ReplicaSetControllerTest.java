package io.troupe.control.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Owners;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.runtime.Harness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaSetControllerTest {
  private final Harness harness =
      new Harness(
          ReplicaSetController.ofReplicaSets(), ReplicaSetController.ofReplicationControllers());

  private void createSet(int replicas, int minReadySeconds) {
    harness.create(
        Resources.REPLICA_SETS,
        """
        {'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'namespace':'x','name':'rs'},
         'spec':{'replicas':%d,'minReadySeconds':%d,'selector':{'matchLabels':{'a':'b'}},
         'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[]}}}}
        """
            .formatted(replicas, minReadySeconds));
  }

  private List<ObjectNode> active() {
    return harness.list(Resources.PODS, "x").stream().filter(Pods::isActive).toList();
  }

  @Test
  void shouldReplaceAFinishedPod() {
    createSet(2, 0);
    harness.settle();
    String name = Meta.name(active().getFirst());
    harness.patchStatus(Resources.PODS, "x", name, "{'status':{'phase':'Failed'}}");
    harness.settle();
    assertThat(active()).hasSize(2);
    assertThat(harness.list(Resources.PODS, "x")).hasSize(3);
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldAdoptOrphansAndReleasePodsThatMatchNoMore() {
    harness.create(
        Resources.PODS,
        "{'metadata':{'namespace':'x','name':'orphan','labels':{'a':'b'}},'spec':{}}");
    createSet(1, 0);
    harness.settle();
    ObjectNode set = harness.get(Resources.REPLICA_SETS, "x", "rs");
    assertThat(Harness.names(active())).containsExactly("orphan");
    assertThat(Owners.isControlledBy(active().getFirst(), set)).isTrue();
    harness.patch(Resources.PODS, "x", "orphan", "{'metadata':{'labels':{'a':'c'}}}");
    harness.settle();
    assertThat(active()).hasSize(2);
    ObjectNode released = harness.get(Resources.PODS, "x", "orphan");
    assertThat(Meta.controllerOf(released)).isEmpty();
  }

  @Test
  void shouldDeletePodsOfLowCostFirst() {
    createSet(3, 0);
    harness.settle();
    String cheap = Meta.name(active().get(1));
    harness.patch(
        Resources.PODS,
        "x",
        cheap,
        "{'metadata':{'annotations':{'controller.kubernetes.io/pod-deletion-cost':'-5'}}}");
    harness.patch(Resources.REPLICA_SETS, "x", "rs", "{'spec':{'replicas':2}}");
    harness.settle();
    assertThat(Harness.names(active())).hasSize(2).doesNotContain(cheap);
  }

  @Test
  void shouldCountAPodAvailableOnlyAfterItsTime() {
    createSet(1, 30);
    harness.settle();
    assertThat(available()).isZero();
    harness.advance(Duration.ofSeconds(29));
    assertThat(available()).isZero();
    harness.advance(Duration.ofSeconds(1));
    assertThat(available()).isEqualTo(1);
  }

  private long available() {
    return Json.number(
        harness.get(Resources.REPLICA_SETS, "x", "rs"), 0, "status", "availableReplicas");
  }

  @Test
  void shouldServeReplicationControllersToo() {
    harness.create(
        Resources.REPLICATION_CONTROLLERS,
        """
        {'apiVersion':'v1','kind':'ReplicationController','metadata':{'namespace':'x','name':'rc'},
         'spec':{'replicas':2,'selector':{'a':'rc'},
         'template':{'metadata':{'labels':{'a':'rc'}},'spec':{'containers':[]}}}}
        """);
    harness.settle();
    assertThat(active()).hasSize(2);
    ObjectNode rc = harness.get(Resources.REPLICATION_CONTROLLERS, "x", "rc");
    assertThat(Json.number(rc, 0, "status", "readyReplicas")).isEqualTo(2);
    assertThat(harness.secondRun()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void shouldNeverMakeOnePodTooMany(long seed) {
    createSet(7, 0);
    harness.settleByChance(seed);
    assertThat(harness.list(Resources.PODS, "x")).as("seed %d", seed).hasSize(7);
    harness.patch(Resources.REPLICA_SETS, "x", "rs", "{'spec':{'replicas':3}}");
    harness.settleByChance(seed);
    assertThat(active()).as("seed %d", seed).hasSize(3);
    assertThat(harness.secondRun()).isEmpty();
  }
}
