package io.troupe.control.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.allocation.AllocatingDecider;
import io.troupe.control.allocation.AllocatingStore;
import io.troupe.control.allocation.AllocationRanges;
import io.troupe.control.allocation.CapacityRule;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.control.kinds.Strategies;
import io.troupe.control.local.LocalKubeClient;
import io.troupe.persistence.MemberSettings;
import io.troupe.persistence.Store;
import io.troupe.persistence.StoreSettings;
import io.troupe.persistence.journal.Database;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Scheduler and allocation on the real store: journal in PostgreSQL, object actors, kinds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchedulerOnStoreTest {
  private EmbeddedPostgres postgres;
  private ActorSystem<Void> system;
  private Store store;
  private KubeClient client;
  private Schedulers scheduler;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    // The database's unprivileged user must be able to enter it.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    postgres = EmbeddedPostgres.start(directory.resolve("pg"));
    system =
        ActorSystem.create(
            Behaviors.empty(), MemberSettings.SYSTEM, MemberSettings.alone().config());
    Database database = new Database(postgres.jdbcUrl(), postgres.user(), postgres.password());
    store =
        Store.open(
            system,
            StoreSettings.of(database, true),
            new AllocatingDecider(new KubernetesDecider(new FactKinds(), Strategies.builtIn())));
    AllocatingStore allocating =
        new AllocatingStore(
            store, AllocationRanges.DEFAULT, new Random(1), System::currentTimeMillis);
    client = LocalKubeClient.of(allocating, System::currentTimeMillis);
    create(
        Resources.NAMESPACES,
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'default'}}");
    create(
        Resources.SERVICE_ACCOUNTS,
        "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default','namespace':'default'}}");
    scheduler = Schedulers.start(system, "a", client, store.cache().view());
  }

  @AfterAll
  void stop() throws Exception {
    scheduler.close();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    store.close();
    postgres.close();
  }

  private ObjectNode create(Resource type, String text) {
    return client.create(type, Objects.json(text));
  }

  /** A node that is ready: new ones are tainted until they say so. */
  private ObjectNode node(String name) {
    create(
        Resources.NODES,
        "{'apiVersion':'v1','kind':'Node','metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'}},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}"
            .formatted(name, name));
    return client.patch(
        Resources.NODES, "", name, "", PatchType.MERGE, Objects.json("{'spec':{'taints':null}}"));
  }

  private void pod(String name, String cpu) {
    create(
        Resources.PODS,
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'default'},'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'%s'}}}]}}"
            .formatted(name, cpu));
  }

  private static <T> T await(Supplier<Optional<T>> probe) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline) {
      Optional<T> found = probe.get();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("nothing came");
  }

  private ObjectNode pod(String name) {
    return client.get(Resources.PODS, "default", name);
  }

  private String nodeOf(String name) {
    return await(
        () -> Optional.of(Json.text(pod(name), "spec", "nodeName")).filter(n -> !n.isEmpty()));
  }

  private String condition(String pod, String field) {
    return await(
        () ->
            Json.items(pod(pod), "status", "conditions").stream()
                .filter(c -> Json.text(c, "type").equals("PodScheduled"))
                .map(c -> Json.text(c, field))
                .findFirst());
  }

  @Test
  void shouldScheduleOnTheRealStore() throws Exception {
    assertThat(Json.text(node("n1"), "spec", "podCIDR")).isEqualTo("10.244.0.0/24");
    for (int i = 0; i < 4; i++) {
      pod("p" + i, "500m");
    }
    for (int i = 0; i < 4; i++) {
      assertThat(nodeOf("p" + i)).isEqualTo("n1");
      assertThat(condition("p" + i, "status")).isEqualTo("True");
    }
    assertThat(claims("n1")).hasSize(4);

    pod("waits", "500m");
    assertThat(condition("waits", "message"))
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1"
                + " No preemption victims found for incoming pod.");
    client.delete(Resources.PODS, "default", "p0", new DeleteOptions(0, "", "", ""));
    assertThat(nodeOf("waits")).isEqualTo("n1");

    client.patch(
        Resources.PODS,
        "default",
        "p1",
        "status",
        PatchType.MERGE,
        Objects.json("{'status':{'phase':'Succeeded'}}"));
    pod("after", "500m");
    assertThat(nodeOf("after")).isEqualTo("n1");
    assertThat(claims("n1")).hasSize(4);
    assertThat(
            await(
                () ->
                    store.cache().view().list(Resources.EVENTS, "default").stream()
                        .filter(e -> Json.text(e, "reason").equals("Scheduled"))
                        .filter(e -> Json.text(e, "involvedObject", "name").equals("after"))
                        .findFirst()))
        .isNotNull();
  }

  private Map<String, ObjectNode> claims(String node) throws Exception {
    return new HashMap<>(
        store
            .ledgers()
            .claims(CapacityRule.SORT, node)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS));
  }

  @Test
  void shouldAllocateOnTheRealStore() {
    String service =
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'%s','namespace':'default'},'spec':{'ports':[{'port':80}]}}";
    assertThat(
            Json.text(
                create(Resources.SERVICES, service.formatted("kubernetes")), "spec", "clusterIP"))
        .isEqualTo("10.96.0.1");
    ObjectNode web = create(Resources.SERVICES, service.formatted("web"));
    assertThat(Json.text(web, "spec", "clusterIP")).startsWith("10.96.");

    ObjectNode open =
        client.patch(
            Resources.SERVICES,
            "default",
            "web",
            "",
            PatchType.STRATEGIC,
            Objects.json("{'spec':{'type':'NodePort'}}"));

    assertThat(open.at("/spec/ports/0/nodePort").intValue()).isBetween(30000, 32767);
    assertThat(open.at("/spec/clusterIP")).isEqualTo(web.at("/spec/clusterIP"));
    ObjectNode applied =
        client.patch(
            Resources.SERVICES,
            "default",
            "applied",
            "",
            PatchType.APPLY,
            Objects.json(service.formatted("applied")));
    assertThat(Json.text(applied, "spec", "clusterIP")).startsWith("10.96.");
  }
}
