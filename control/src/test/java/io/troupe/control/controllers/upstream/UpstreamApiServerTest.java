package io.troupe.control.controllers.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.client.http.Backoff;
import io.troupe.api.client.http.HttpClusterView;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.ControllerSettings;
import io.troupe.control.controllers.Controllers;
import io.troupe.control.controllers.node.NodeTimes;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.runtime.ControllerRuntime;
import io.troupe.control.controllers.runtime.Slices;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same controllers against upstream's API server, where its binaries are. */
@Tag("upstream")
class UpstreamApiServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<Resource> SERVED =
      List.of(
          Resources.PODS,
          Resources.SERVICES,
          Resources.ENDPOINTS,
          Resources.CONFIG_MAPS,
          Resources.SECRETS,
          Resources.SERVICE_ACCOUNTS,
          Resources.EVENTS,
          Resources.REPLICATION_CONTROLLERS,
          Resources.PERSISTENT_VOLUME_CLAIMS,
          Resources.DEPLOYMENTS,
          Resources.REPLICA_SETS,
          Resources.STATEFUL_SETS,
          Resources.DAEMON_SETS,
          Resources.CONTROLLER_REVISIONS,
          Resources.JOBS,
          Resources.CRON_JOBS,
          Resources.ENDPOINT_SLICES,
          Resources.POD_DISRUPTION_BUDGETS,
          Resources.NODES);

  @TempDir Path state;
  private HttpKubeClient client;

  @Test
  void shouldServeAWholeNamespaceFromItsBirthToItsEnd() {
    Optional<Path> binaries = UpstreamApiServer.binaries();
    assumeTrue(binaries.isPresent(), "no kube-apiserver binary: upstream test skipped");
    try (UpstreamApiServer server = new UpstreamApiServer(binaries.get(), state)) {
      client = server.client();
      var settings =
          new ControllerSettings(() -> SERVED, () -> "PEM", request -> "PEM", NodeTimes.DEFAULT);
      try (HttpClusterView view = new HttpClusterView(client, Backoff.standard(() -> 0.5));
          ControllerRuntime runtime =
              new ControllerRuntime(
                  Controllers.all(settings), view, client, Slices.all(), InstantSource.system());
          UpstreamKubelet kubelet = new UpstreamKubelet(client)) {
        runtime.start();
        live();
        assertThat(kubelet).isNotNull();
      }
    }
  }

  private void live() {
    create(
        Resources.NODES,
        """
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},"spec":{}}""");
    client.patch(
        Resources.NODES,
        "",
        "n1",
        "status",
        PatchType.MERGE,
        Json.parse(
            """
            {"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady",
             "lastHeartbeatTime":"2026-01-01T00:00:00Z"}]}}"""));
    create(
        Resources.NAMESPACES,
        """
        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}""");
    await("default", () -> find(Resources.SERVICE_ACCOUNTS, "default"));
    await("root CA", () -> find(Resources.CONFIG_MAPS, "kube-root-ca.crt"));
    workloads();
    rollOut();
    collect();
    client.delete(Resources.NAMESPACES, "", "x", DeleteOptions.DEFAULT);
    await(
        "end of the namespace",
        () ->
            client.list(Resources.NAMESPACES, "", ListOptions.ALL).items().stream()
                    .noneMatch(ns -> Meta.name(ns).equals("x"))
                ? Optional.of(true)
                : Optional.empty());
  }

  private void workloads() {
    create(Resources.DEPLOYMENTS, workload("apps/v1", "Deployment", "\"replicas\":3", "Always"));
    create(
        Resources.STATEFUL_SETS,
        workload("apps/v1", "StatefulSet", "\"replicas\":2,\"serviceName\":\"db\"", "Always"));
    create(
        Resources.DAEMON_SETS, workload("apps/v1", "DaemonSet", "\"minReadySeconds\":0", "Always"));
    create(
        Resources.JOBS,
        """
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"namespace":"x","name":"job"},
         "spec":{"completions":3,"parallelism":2,"template":{"spec":{"restartPolicy":"Never",
          "containers":[{"name":"c","image":"i"}]}}}}""");
    create(
        Resources.SERVICES,
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"x","name":"web"},
         "spec":{"selector":{"app":"deployment"},"ports":[{"port":80,"targetPort":8080}]}}""");
    await("deployment", () -> is(Resources.DEPLOYMENTS, "deployment", "availableReplicas", 3));
    await("stateful set", () -> is(Resources.STATEFUL_SETS, "statefulset", "readyReplicas", 2));
    await("daemon set", () -> is(Resources.DAEMON_SETS, "daemonset", "numberReady", 1));
    await("job", () -> is(Resources.JOBS, "job", "succeeded", 3));
    await(
        "complete job",
        () -> find(Resources.JOBS, "job").filter(job -> Conditions.isTrue(job, "Complete")));
    await(
        "endpoints",
        () ->
            client.list(Resources.ENDPOINT_SLICES, "x", ListOptions.ALL).items().stream()
                .filter(slice -> slice.path("endpoints").size() == 3)
                .findFirst());
    await(
        "endpoints object",
        () ->
            find(Resources.ENDPOINTS, "web")
                .filter(e -> e.path("subsets").path(0).path("addresses").size() == 3));
  }

  private static String workload(String version, String kind, String spec, String restart) {
    String name = kind.toLowerCase(java.util.Locale.ROOT);
    return """
    {"apiVersion":"%s","kind":"%s","metadata":{"namespace":"x","name":"%s"},
     "spec":{%s,"selector":{"matchLabels":{"app":"%s"}},
      "template":{"metadata":{"labels":{"app":"%s"}},
       "spec":{"restartPolicy":"%s","containers":[{"name":"c","image":"one"}]}}}}"""
        .formatted(version, kind, name, spec, name, name, restart);
  }

  private void rollOut() {
    for (Resource type :
        List.of(Resources.DEPLOYMENTS, Resources.STATEFUL_SETS, Resources.DAEMON_SETS)) {
      String name = type.kind().toLowerCase(java.util.Locale.ROOT);
      client.patch(
          type,
          "x",
          name,
          "",
          PatchType.STRATEGIC,
          Json.parse(
              """
              {"spec":{"template":{"spec":{"containers":[{"name":"c","image":"two"}]}}}}"""));
    }
    await("new deployment", () -> is(Resources.DEPLOYMENTS, "deployment", "updatedReplicas", 3));
    await(
        "new stateful set", () -> is(Resources.STATEFUL_SETS, "statefulset", "updatedReplicas", 2));
    await(
        "new daemon set",
        () -> is(Resources.DAEMON_SETS, "daemonset", "updatedNumberScheduled", 1));
    await(
        "completed rollout",
        () ->
            find(Resources.DEPLOYMENTS, "deployment")
                .filter(d -> Conditions.reason(d, "Progressing").equals("NewReplicaSetAvailable"))
                .filter(d -> Json.number(d, 0, "status", "replicas") == 3));
    assertThat(client.list(Resources.REPLICA_SETS, "x", ListOptions.ALL).items()).hasSize(2);
  }

  private void collect() {
    client.delete(
        Resources.DEPLOYMENTS, "x", "deployment", new DeleteOptions(-1, "Foreground", "", ""));
    await(
        "collected replica sets",
        () ->
            client.list(Resources.REPLICA_SETS, "x", ListOptions.ALL).items().isEmpty()
                    && find(Resources.DEPLOYMENTS, "deployment").isEmpty()
                ? Optional.of(true)
                : Optional.empty());
  }

  private Optional<ObjectNode> is(Resource type, String name, String field, long value) {
    return find(type, name).filter(o -> Json.number(o, 0, "status", field) == value);
  }

  private Optional<ObjectNode> find(Resource type, String name) {
    try {
      return Optional.of(client.get(type, "x", name));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  private void create(Resource type, String json) {
    client.create(type, Json.parse(json));
  }

  private static void await(String what, Supplier<Optional<?>> condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (condition.get().isEmpty()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("no " + what + " within " + PATIENCE);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
