package io.troupe.api.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.client.KubeClient.WatchEvent;
import io.troupe.api.client.http.TinyApiServer.Answer;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpKubeClientTest {
  @TempDir static Path folder;
  private static TestPki serverPki;
  private static TestPki clientPki;

  private final AtomicReference<Credentials> credentials =
      new AtomicReference<>(Credentials.ANONYMOUS);
  private TinyApiServer server;
  private HttpKubeClient client;

  @BeforeAll
  static void makeCertificates() throws Exception {
    serverPki = TestPki.create(folder, "server");
    clientPki = TestPki.create(folder, "client");
  }

  @BeforeEach
  void start() throws Exception {
    server = new TinyApiServer(serverPki.serverTrusting(clientPki), true);
    credentials.set(Credentials.certificate(clientPki.certificatePem(), clientPki.keyPem()));
    client = client();
  }

  private HttpKubeClient client() {
    return new HttpKubeClient(
        new ApiServer(server.base(), serverPki.certificatePem()), credentials::get, "kubelet/v1");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static ObjectNode pod(String name) {
    ObjectNode pod = Json.object().put("kind", "Pod").put("apiVersion", "v1");
    pod.putObject("metadata").put("namespace", "shop").put("name", name);
    return pod;
  }

  @Test
  void shouldCreateUnderTheNamespaceOfTheBody() {
    server.then(Answer.json(201, pod("web").toString()));
    assertThat(client.create(Resources.PODS, pod("web"))).isEqualTo(pod("web"));
    assertThat(server.seen.getFirst().target()).isEqualTo("/api/v1/namespaces/shop/pods");
    assertThat(server.seen.getFirst().contentType()).isEqualTo("application/json");
    assertThat(Json.parse(server.seen.getFirst().body())).isEqualTo(pod("web"));
  }

  @Test
  void shouldEscapeNamesAndSelectors() {
    server.then(Answer.json(200, "{}")).then(Answer.json(200, "{}"));
    client.get(Resources.CLUSTER_ROLES, "", "system:a/b c");
    client.list(Resources.PODS, "", ListOptions.fields("spec.nodeName=a&b"));
    assertThat(server.seen.get(0).target())
        .isEqualTo("/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aa%2Fb%20c");
    assertThat(server.seen.get(1).target())
        .isEqualTo("/api/v1/pods?fieldSelector=spec.nodeName%3Da%26b");
  }

  @Test
  void shouldGiveListItemsTheirType() {
    server.then(
        Answer.json(
            200,
            "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"more\"},"
                + "\"items\":[{\"metadata\":{\"name\":\"a\"}}]}"));
    var page = client.list(Resources.PODS, "shop", ListOptions.ALL);
    assertThat(page.resourceVersion()).isEqualTo("7");
    assertThat(page.continueToken()).isEqualTo("more");
    assertThat(page.items().getFirst().toString())
        .isEqualTo("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");
  }

  @Test
  void shouldThrowTheServersRefusal() {
    server.then(
        Answer.json(
            404,
            "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"pods \\\"x\\\" not"
                + " found\",\"code\":404}"));
    assertThatThrownBy(() -> client.get(Resources.PODS, "shop", "x"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.isNotFound()).isTrue();
              assertThat(e).hasMessage("pods \"x\" not found");
            });
    server.then(Answer.json(502, "bad gateway"));
    assertThatThrownBy(() -> client.get(Resources.PODS, "shop", "x"))
        .hasMessage("the server answered 502: bad gateway");
  }

  @Test
  void shouldRepeatARequestThatABusyServerDidNotTake() {
    server.then(new Answer(429, "{}", "0", null)).then(Answer.json(201, pod("a").toString()));
    client.create(Resources.PODS, pod("a"));
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void shouldSendPatchesAndDeletionsWithTheirOptions() {
    server.then(Answer.json(200, "{}")).then(Answer.json(200, "{}"));
    client.patch(Resources.PODS, "shop", "a", "status", PatchType.APPLY, Json.object());
    client.delete(Resources.PODS, "shop", "a", new DeleteOptions(0, "Background", "uid-1", "12"));
    assertThat(server.seen.get(0).target())
        .isEqualTo("/api/v1/namespaces/shop/pods/a/status?fieldManager=kubelet&force=true");
    assertThat(server.seen.get(0).contentType()).isEqualTo("application/apply-patch+yaml");
    assertThat(Json.parse(server.seen.get(1).body()))
        .isEqualTo(
            Json.parse(
                """
                {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,
                 "propagationPolicy":"Background",
                 "preconditions":{"uid":"uid-1","resourceVersion":"12"}}
                """));
  }

  @Test
  void shouldDeliverWatchEventsInOrderAndTellTheEnd() throws Exception {
    var stream = new TinyApiServer.Stream();
    server.then(Answer.watch(stream));
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    CountDownLatch ended = new CountDownLatch(1);
    var options = new ListOptions("app=web", "", "5", 0, "");
    client.watch(Resources.PODS, "shop", options, events::add, ended::countDown);
    stream.send("ADDED", pod("a")).send("DELETED", pod("a")).end();
    assertThat(events.poll(10, TimeUnit.SECONDS).type()).isEqualTo("ADDED");
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new WatchEvent("DELETED", pod("a")));
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.seen.getFirst().target())
        .startsWith(
            "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb&resourceVersion=5&watch=true");
  }

  @Test
  void shouldNotTellTheEndOfAWatchThatItsOwnerClosed() throws Exception {
    var stream = new TinyApiServer.Stream();
    server.then(Answer.watch(stream));
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    var watch =
        client.watch(
            Resources.PODS, "", ListOptions.ALL, e -> told.add(e.type()), () -> told.add("END"));
    stream.send("ADDED", pod("a"));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED");
    watch.close();
    watch.close();
    stream.end();
    assertThat(told).isEmpty();
  }

  @Test
  void shouldUseNewCredentialsWithoutARestart() {
    server.then(Answer.json(200, "{}")).then(Answer.json(200, "{}"));
    client.get(Resources.NODES, "", "a");
    Credentials both = credentials.get();
    credentials.set(new Credentials(both.certificatePem(), both.keyPem(), "secret"));
    client.get(Resources.NODES, "", "a");
    assertThat(server.seen)
        .extracting(TinyApiServer.Seen::bearer)
        .containsExactly(null, "Bearer secret");
    credentials.set(Credentials.ANONYMOUS);
    assertThatThrownBy(() -> client.get(Resources.NODES, "", "a"))
        .as("the server demands a certificate")
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("cannot reach " + server.base());
  }

  @Test
  void shouldGiveUpAConnectionThatDoesNotAnswer() throws Exception {
    var stream = new TinyApiServer.Stream();
    server.then(Answer.watch(stream)).then(Answer.silence()).then(Answer.json(200, "{}"));
    var target = new ApiServer(server.base(), serverPki.certificatePem());
    try (var hasty = new HttpKubeClient(target, credentials::get, "x", Duration.ofSeconds(2))) {
      CountDownLatch ended = new CountDownLatch(1);
      hasty.watch(Resources.PODS, "", ListOptions.ALL, event -> {}, ended::countDown);
      assertThatThrownBy(() -> hasty.get(Resources.NODES, "", "a"))
          .hasMessage("no answer from " + server.base() + " in time");
      assertThat(ended.await(10, TimeUnit.SECONDS)).as("the watch ends, to be resumed").isTrue();
      assertThat(hasty.get(Resources.NODES, "", "a")).isEmpty();
    }
    stream.end();
  }

  @Test
  void shouldTrustNoAuthorityButTheGivenOne() {
    try (var stranger =
        new HttpKubeClient(
            new ApiServer(server.base(), clientPki.certificatePem()), credentials::get, "x")) {
      assertThatThrownBy(() -> stranger.get(Resources.NODES, "", "a"))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal().code()).isEqualTo(503));
    }
    assertThat(server.seen).isEmpty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void shouldReadAKubeconfig() throws Exception {
    Files.writeString(folder.resolve("key.pem"), clientPki.keyPem());
    String ca = base64(serverPki.certificatePem());
    String cert = base64(clientPki.certificatePem());
    Path file =
        Files.writeString(
            folder.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts:
            - name: here
              context: {cluster: local, user: admin, namespace: shop}
            clusters:
            - name: local
              cluster: {server: "%s/", certificate-authority-data: %s}
            users:
            - name: admin
              user: {client-certificate-data: %s, client-key: key.pem}
            """
                .formatted(server.base(), ca, cert));
    Kubeconfig config = Kubeconfig.read(file);
    assertThat(config.namespace()).isEqualTo("shop");
    assertThat(config.server().base()).isEqualTo(server.base());
    server.then(Answer.json(200, "{}"));
    try (var fromFile = new HttpKubeClient(config.server(), config::credentials, "x")) {
      fromFile.get(Resources.NODES, "", "a");
    }
    assertThat(config.toString()).doesNotContain("PRIVATE KEY");
    Files.writeString(file, "current-context: there");
    assertThatThrownBy(() -> Kubeconfig.read(file))
        .hasMessageContaining("no context named \"there\"");
  }
}
