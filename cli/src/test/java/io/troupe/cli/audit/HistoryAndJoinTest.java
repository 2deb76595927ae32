package io.troupe.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.cli.cluster.ClusterAuthority;
import io.troupe.cli.cluster.ClusterSettings;
import io.troupe.cli.cluster.ControlPlane;
import io.troupe.cli.cluster.DataDirectory;
import io.troupe.cli.cluster.NodeIdentity;
import io.troupe.cli.command.BootstrapToken;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real control plane on a real PostgreSQL, over HTTP. The test that spoils the journal comes
 * last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HistoryAndJoinTest {
  @TempDir static Path folder;

  private static EmbeddedPostgres postgres;
  private static DataDirectory data;
  private static ControlPlane plane;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    // The database's own user must be able to pass through.
    for (Path p = folder; p.startsWith("/tmp/"); p = p.getParent()) {
      p.toFile().setExecutable(true, false);
    }
    postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
    data = DataDirectory.open(folder.resolve("data"));
    ClusterSettings settings =
        new ClusterSettings(
            freePort(),
            postgres.jdbcUrl(),
            postgres.user(),
            postgres.password(),
            "a",
            "192.0.2.10",
            0,
            List.of(),
            List.of());
    plane = ControlPlane.start(data, data.child("pki"), settings);
    Path kubeconfig = folder.resolve("kubeconfig");
    var admin =
        plane.pki().certificate("admin", Subject.client("kubernetes-admin", "system:masters"));
    Files.writeString(
        kubeconfig, plane.pki().kubeconfig(server().toString(), "kubernetes-admin", admin));
    cluster = Cluster.open(kubeconfig);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static URI server() {
    return URI.create("https://127.0.0.1:" + plane.apiPort());
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable part : new AutoCloseable[] {cluster, plane, data, postgres}) {
      if (part != null) {
        part.close();
      }
    }
  }

  private static ObjectNode configMap(String name, String value) {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("name", name).put("namespace", "default");
    map.putObject("data").put("colour", value);
    return map;
  }

  @Test
  @Order(1)
  void shouldTellWhoChangedWhatAndShowThePast() {
    ObjectNode first = cluster.client().create(Resources.CONFIG_MAPS, configMap("paint", "red"));
    cluster.client().update(Resources.CONFIG_MAPS, configMap("paint", "blue"));

    List<ObjectNode> entries = new ArrayList<>();
    cluster.history(
        Map.of("type", "configmaps", "namespace", "default", "name", "paint"), entries::add);

    assertThat(entries).extracting(e -> Json.text(e, "verb")).containsExactly("create", "update");
    assertThat(entries).extracting(e -> Json.text(e, "user")).containsOnly("kubernetes-admin");
    ObjectNode update = entries.getLast();
    assertThat(
            Difference.between((ObjectNode) update.get("before"), (ObjectNode) update.get("after")))
        .extracting(Difference::toString)
        .containsExactly("~ data.colour: red → blue");
    String then = Long.toString(Meta.revision(first));
    assertThat(cluster.past(Resources.CONFIG_MAPS, "default", "paint", then))
        .get()
        .satisfies(o -> assertThat(Json.text(o, "data", "colour")).isEqualTo("red"));
    ObjectNode list =
        cluster.get("/at/" + then + "/api/v1/namespaces/default/configmaps", "application/json");
    assertThat(Json.items(list, "items"))
        .anySatisfy(o -> assertThat(Json.text(o, "data", "colour")).isEqualTo("red"));
  }

  @Test
  @Order(2)
  void shouldRebuildFromTheJournalWhatTheApiServes() {
    Replay.Report report = Replay.run(cluster);

    assertThat(report.differences()).isEmpty();
    assertThat(report.objects()).isPositive().isEqualTo(report.served());
    assertThat(cluster.verify()).isEmpty();
  }

  @Test
  @Order(3)
  void shouldLetAMachineJoinAndRefuseWhatANodeMayNotDo() throws Exception {
    BootstrapToken token = BootstrapToken.random();
    cluster.client().create(Resources.SECRETS, token.secretObject(Instant.now().plusSeconds(600)));
    String hash = ClusterAuthority.hash(plane.pki().authority().own().certificate());
    NodeIdentity identity =
        new NodeIdentity(folder.resolve("node"), server(), "worker-1", "127.0.0.2");
    assertThatThrownBy(() -> identity.join(token.toString(), "sha256:00"))
        .hasMessageContaining("does not fit --ca-hash");
    identity.join(token.toString(), hash);
    assertThat(identity.isPresent()).isTrue();
    cluster.client().create(Resources.NODES, node("worker-2"));

    try (HttpKubeClient node = identity.asNode()) {
      node.create(Resources.NODES, node("worker-1"));
      ObjectNode label = Json.object();
      label.putObject("metadata").putObject("labels").put("node-restriction.kubernetes.io/x", "y");
      refused(node, c -> c.get(Resources.SECRETS, "kube-system", "bootstrap-token-" + token.id()));
      refused(
          node,
          c -> c.patch(Resources.NODES, "", "worker-2", "status", PatchType.MERGE, Json.object()));
      refused(node, c -> c.patch(Resources.NODES, "", "worker-1", "", PatchType.MERGE, label));
      refused(node, c -> c.create(Resources.CONFIG_MAPS, configMap("mine", "x")));
      refused(node, c -> c.create(Resources.NODES, node("worker-3")));
      refused(node, c -> c.post(Resources.PODS, "default", "any", "binding", binding()));
      refused(node, c -> c.open("/troupe/v1/history", "application/json"));
    }
  }

  private static ObjectNode node(String name) {
    ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
    node.putObject("metadata").put("name", name);
    return node;
  }

  private static ObjectNode binding() {
    ObjectNode binding = Json.object().put("apiVersion", "v1").put("kind", "Binding");
    binding.putObject("metadata").put("name", "any");
    binding.putObject("target").put("kind", "Node").put("name", "worker-1");
    return binding;
  }

  private static void refused(HttpKubeClient client, Consumer<HttpKubeClient> call) {
    assertThatThrownBy(() -> call.accept(client))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal().code()).as(e.getMessage()).isEqualTo(403));
  }

  @Test
  @Order(4)
  void shouldFindTypesByTheirShortNames() {
    assertThat(cluster.types().find("cm")).map(Resource::kind).contains("ConfigMap");
    assertThat(cluster.types().find("deploy")).map(Resource::kind).contains("Deployment");
    assertThat(cluster.types().find("nonsense")).isEmpty();
  }

  @Test
  @Order(9)
  void shouldNameTheRowThatWasAltered() throws Exception {
    ObjectNode made = cluster.client().create(Resources.CONFIG_MAPS, configMap("evidence", "true"));
    try (var connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        var update =
            connection.prepareStatement(
                "UPDATE event_journal SET event_payload = convert_to(replace(convert_from(event_payload,"
                    + " 'UTF8'), 'true', 'fake'), 'UTF8') WHERE ordering = ?")) {
      update.setLong(1, Meta.revision(made));
      assertThat(update.executeUpdate()).isEqualTo(1);
    }

    assertThat(cluster.verify()).get().asString().contains("revision " + Meta.revision(made));
  }
}
