package io.troupe.control.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole scheduler with actors, against an API in memory. */
class SchedulersTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          com.typesafe.config.ConfigFactory.parseString("pekko.actor.provider = local"));
  private final FakeCluster cluster = new FakeCluster();
  private final List<Schedulers> running = new ArrayList<>();

  private Schedulers start(String zone) {
    Schedulers scheduler = Schedulers.start(kit.system(), zone, cluster, cluster);
    running.add(scheduler);
    return scheduler;
  }

  @AfterEach
  void stop() {
    running.forEach(Schedulers::close);
    kit.shutdownTestKit();
  }

  private static <T> T await(Supplier<Optional<T>> probe) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      Optional<T> found = probe.get();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("nothing came");
  }

  private String nodeOf(String pod) {
    return await(
        () ->
            cluster
                .find(Resources.PODS, "default", pod)
                .map(p -> Json.text(p, "spec", "nodeName"))
                .filter(n -> !n.isEmpty()));
  }

  private JsonNode event(String reason) {
    return await(
        () ->
            cluster.list(Resources.EVENTS, e -> Json.text(e, "reason").equals(reason)).stream()
                .findFirst());
  }

  @Test
  void shouldBindAPodAndSaySo() {
    cluster.put(Resources.NODES, Objects.node("n1"));
    start("a");

    cluster.put(Resources.PODS, Objects.pod("web"));

    assertThat(nodeOf("web")).isEqualTo("n1");
    assertThat(Json.text(event("Scheduled"), "message"))
        .isEqualTo("Successfully assigned default/web to n1");
  }

  @Test
  void shouldSayWhyAPodWaitsAndBindItWhenThatChanges() {
    cluster.put(Resources.NODES, Objects.node("n1"));
    start("a");
    cluster.put(Resources.PODS, Objects.pod("big", "5", "1Gi", ""));

    String message =
        "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1"
            + " Preemption is not helpful for scheduling.";
    assertThat(Json.text(event("FailedScheduling"), "message")).isEqualTo(message);
    JsonNode condition =
        await(
            () ->
                cluster.find(Resources.PODS, "default", "big").stream()
                    .flatMap(p -> Json.items(p, "status", "conditions").stream())
                    .findFirst());
    assertThat(Json.text(condition, "reason")).isEqualTo("Unschedulable");
    assertThat(Json.text(condition, "message")).isEqualTo(message);

    cluster.put(Resources.NODES, Objects.node("n2", "z1", "8", "8Gi", 110));
    assertThat(nodeOf("big")).isEqualTo("n2");
  }

  @Test
  void shouldSayThatThereAreNoNodes() {
    start("a");
    cluster.put(Resources.PODS, Objects.pod("web"));
    assertThat(Json.text(event("FailedScheduling"), "message"))
        .isEqualTo("no nodes available to schedule pods");

    cluster.put(Resources.NODES, Objects.node("n1"));
    assertThat(nodeOf("web")).isEqualTo("n1");
  }

  @Test
  void shouldPreemptLessImportantPods() {
    cluster.put(Resources.NODES, Objects.node("n1"));
    start("a");
    cluster.put(Resources.PODS, Objects.pod("low", "3", "1Gi", "'priority':0"));
    nodeOf("low");

    cluster.put(Resources.PODS, Objects.pod("high", "3", "1Gi", "'priority':1000"));

    assertThat(nodeOf("high")).isEqualTo("n1");
    assertThat(cluster.find(Resources.PODS, "default", "low")).isEmpty();
    assertThat(Json.text(event("Preempted"), "message")).endsWith("on node n1");
  }

  @Test
  void shouldWaitForGates() {
    cluster.put(Resources.NODES, Objects.node("n1"));
    start("a");
    ObjectNode gated = Objects.pod("gated", "1", "1Gi", "'schedulingGates':[{'name':'x'}]");
    cluster.put(Resources.PODS, gated);
    cluster.put(Resources.PODS, Objects.pod("other"));
    nodeOf("other");
    assertThat(Json.text(cluster.get(Resources.PODS, "default", "gated"), "spec", "nodeName"))
        .isEmpty();

    ObjectNode open = gated.deepCopy();
    ((ObjectNode) open.get("spec")).remove("schedulingGates");
    cluster.put(Resources.PODS, open);
    assertThat(nodeOf("gated")).isEqualTo("n1");
  }

  @Test
  void shouldProvisionVolumesBeforeBinding() {
    cluster.put(Resources.NODES, Objects.node("n1"));
    cluster.put(
        Changes.STORAGE_CLASSES,
        Objects.json(
            "{'metadata':{'name':'local'},'provisioner':'x/y','volumeBindingMode':'WaitForFirstConsumer'}"));
    ObjectNode claim =
        Objects.json(
            "{'metadata':{'name':'data','namespace':'default','uid':'c1'},'spec':{'storageClassName':'local','accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}},'status':{'phase':'Pending'}}");
    cluster.put(Resources.PERSISTENT_VOLUME_CLAIMS, claim);
    start("a");
    cluster.put(
        Resources.PODS,
        Objects.pod(
            "db",
            "1",
            "1Gi",
            "'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'data'}}]"));

    ObjectNode selected =
        await(
                () ->
                    cluster
                        .find(Resources.PERSISTENT_VOLUME_CLAIMS, "default", "data")
                        .filter(
                            c ->
                                Meta.annotations(c)
                                    .getOrDefault("volume.kubernetes.io/selected-node", "")
                                    .equals("n1")))
            .deepCopy();
    cluster.put(
        Resources.PERSISTENT_VOLUMES,
        Objects.json(
            "{'metadata':{'name':'pv1'},'spec':{'storageClassName':'local','capacity':{'storage':'1Gi'}},'status':{'phase':'Bound'}}"));
    Json.ensure(selected, "metadata", "annotations").put("pv.kubernetes.io/bind-completed", "yes");
    Json.ensure(selected, "spec").put("volumeName", "pv1");
    cluster.put(Resources.PERSISTENT_VOLUME_CLAIMS, selected);

    assertThat(nodeOf("db")).isEqualTo("n1");
  }

  @Test
  void shouldNeverOvercommitWithThreeSchedulersThatRace() throws Exception {
    for (int i = 0; i < 10; i++) {
      cluster.put(Resources.NODES, Objects.node("n" + i, "z" + i % 3, "2", "8Gi", 110));
    }
    // Each believes to be alone, so every pod is placed by three at once.
    start("a");
    start("b");
    start("c");
    for (int i = 0; i < 100; i++) {
      cluster.put(Resources.PODS, Objects.pod("p-" + i, "200m", "64Mi", ""));
    }
    for (int i = 0; i < 100; i++) {
      nodeOf("p-" + i);
    }
    for (int i = 0; i < 10; i++) {
      String node = "n" + i;
      assertThat(cluster.list(Resources.PODS, p -> Json.text(p, "spec", "nodeName").equals(node)))
          .hasSize(10);
    }
    assertThat(
            running
                .getFirst()
                .why(Objects.pod("more", "1", "1Gi", ""))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS))
        .hasSize(10)
        .allSatisfy((node, reasons) -> assertThat(reasons).contains("Insufficient cpu"));
  }
}
