package io.troupe.api.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.http.TinyApiServer.Answer;
import io.troupe.api.client.http.TinyApiServer.Stream;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpClusterViewTest {
  @TempDir static Path folder;
  private static TestPki pki;

  private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
  private TinyApiServer server;
  private HttpKubeClient client;
  private HttpClusterView view;

  @BeforeAll
  static void makeCertificate() throws Exception {
    pki = TestPki.create(folder, "both");
  }

  @BeforeEach
  void start() throws Exception {
    server = new TinyApiServer(pki.serverTrusting(pki), false);
    client =
        new HttpKubeClient(
            new ApiServer(server.base(), pki.certificatePem()),
            () -> Credentials.token("t"),
            "test/1");
    Backoff backoff = new Backoff(Duration.ofMillis(2), Duration.ofMillis(20), () -> 0.5);
    view = new HttpClusterView(client, type -> ListOptions.fields("spec.nodeName=n1"), backoff);
  }

  @AfterEach
  void stop() {
    view.close();
    client.close();
    server.close();
  }

  private static ObjectNode pod(String name, int revision, String ownerUid) {
    ObjectNode pod = Json.object().put("kind", "Pod").put("apiVersion", "v1");
    ObjectNode metadata = pod.putObject("metadata").put("namespace", "shop").put("name", name);
    metadata.put("resourceVersion", Integer.toString(revision));
    metadata.putArray("ownerReferences").addObject().put("uid", ownerUid);
    return pod;
  }

  private static Answer list(int revision, ObjectNode... pods) {
    ObjectNode list = Json.object();
    list.putObject("metadata").put("resourceVersion", Integer.toString(revision));
    list.putArray("items").addAll(List.of(pods));
    return Answer.json(200, list.toString());
  }

  private void note(ObjectChange change) {
    String what = change.before() == null ? "+" : change.after() == null ? "-" : "~";
    changes.add(what + Meta.name(change.object()) + "@" + Meta.revision(change.object()));
  }

  private void expect(String... expected) throws InterruptedException {
    for (String one : expected) {
      assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(one);
    }
  }

  @Test
  void shouldFollowFromTheListOn() throws Exception {
    Stream stream = new Stream();
    server.then(list(5, pod("a", 3, "rs1"))).then(Answer.watch(stream));
    view.follow(Resources.PODS, this::note);
    expect("+a@3");
    stream
        .send("ADDED", pod("b", 6, "rs1"))
        .send("MODIFIED", pod("a", 7, "rs2"))
        .send("DELETED", pod("b", 8, "rs1"));
    expect("+b@6", "~a@7", "-b@6");
    assertThat(view.find(Resources.PODS, "shop", "a")).contains(pod("a", 7, "rs2"));
    assertThat(view.list(Resources.PODS, "shop")).hasSize(1);
    assertThat(view.list(Resources.PODS, "sho")).isEmpty();
    assertThat(view.ownedBy(Resources.PODS, "shop", "rs1")).isEmpty();
    assertThat(view.ownedBy(Resources.PODS, "shop", "rs2")).hasSize(1);
    assertThat(server.awaitTarget(0)).contains("fieldSelector=spec.nodeName%3Dn1");
    stream.end();
  }

  @Test
  void shouldResumeAtTheLastBookmark() throws Exception {
    Stream first = new Stream();
    Stream second = new Stream();
    server.then(list(5)).then(Answer.watch(first)).then(Answer.watch(second));
    view.follow(Resources.PODS, this::note);
    ObjectNode bookmark = Json.object();
    bookmark.putObject("metadata").put("resourceVersion", "42");
    first.send("ADDED", pod("a", 6, "o")).send("BOOKMARK", bookmark).end();
    second.send("ADDED", pod("b", 43, "o"));
    expect("+a@6", "+b@43");
    assertThat(server.awaitTarget(2)).contains("resourceVersion=42&");
    second.end();
  }

  @Test
  void shouldListAgainWhenItsRevisionIsGone() throws Exception {
    Stream first = new Stream();
    Stream second = new Stream();
    server
        .then(list(5, pod("a", 3, "o"), pod("b", 4, "o"), pod("c", 5, "o")))
        .then(Answer.watch(first))
        .then(list(90, pod("b", 80, "o"), pod("c", 5, "o"), pod("d", 85, "o")))
        .then(Answer.watch(second));
    view.follow(Resources.PODS, this::note);
    expect("+a@3", "+b@4", "+c@5");
    first.send("ERROR", Json.object().put("code", 410).put("message", "too old")).end();
    expect("~b@80", "+d@85", "-a@3");
    assertThat(server.awaitTarget(3)).contains("resourceVersion=90&");
    second.end();
  }

  @Test
  void shouldGoOnWhenTheServerFailsForAWhile() throws Exception {
    Stream stream = new Stream();
    server
        .then(Answer.json(503, "starting"))
        .then(Answer.json(503, "starting"))
        .then(list(5, pod("a", 3, "o")))
        .then(Answer.json(500, "oops"))
        .then(Answer.watch(stream));
    view.follow(Resources.PODS, this::note);
    stream.send("DELETED", pod("a", 6, "o"));
    expect("+a@3", "-a@3");
    stream.end();
  }

  @Test
  void shouldGoOnWhenAFollowerFails() throws Exception {
    Stream stream = new Stream();
    server.then(list(5)).then(Answer.watch(stream));
    view.follow(
        Resources.PODS,
        change -> {
          throw new IllegalStateException("a follower's own fault, on purpose");
        });
    var second = view.follow(Resources.PODS, this::note);
    stream.send("ADDED", pod("a", 6, "o"));
    expect("+a@6");
    second.close();
    stream.send("ADDED", pod("b", 7, "o")).end();
    assertThat(changes).isEmpty();
  }

  @Test
  void shouldSpreadItsAttempts() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 0.999);
    assertThat(backoff.after(0)).isZero();
    assertThat(backoff.after(1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(backoff.after(2)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(backoff.after(60)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
  }
}
