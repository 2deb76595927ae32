package io.troupe.node.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.node.runtime.RealContainerd;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods on a real containerd, the API in memory. */
class KubeletTest {
  private static RealContainerd real;
  private static CriRuntime runtime;

  private final FakeCluster cluster = new FakeCluster();
  private final TestCertificates certificates = new TestCertificates();
  private Kubelet kubelet;

  @BeforeAll
  static void startContainerd() throws IOException {
    real = RealContainerd.start().orElse(null);
    Assumptions.assumeTrue(real != null);
    runtime = real.connect();
  }

  @AfterAll
  static void stopContainerd() throws IOException {
    if (real != null) {
      runtime.close();
      real.close();
      removeCgroups();
    }
  }

  private static void removeCgroups() throws IOException {
    try (var trees = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (Path tree : trees) {
        Path root = tree.resolve("troupe-test");
        if (Files.isDirectory(root) && !Files.isSymbolicLink(tree)) {
          try (var groups = Files.walk(root)) {
            for (Path group :
                groups.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(group);
            }
          }
        }
      }
    }
  }

  @BeforeEach
  void startKubelet() throws IOException {
    kubelet = Kubelet.start(settings(), cluster, cluster);
  }

  @AfterEach
  void stopKubelet() {
    cluster
        .list(Resources.PODS, "")
        .forEach(
            pod ->
                cluster.delete(
                    Resources.PODS, "shop", Meta.name(pod), new DeleteOptions(1, "", "", "")));
    Until.isTrue(
        () -> cluster.list(Resources.PODS, "").isEmpty() && runtime.sandboxes("").isEmpty(),
        () -> cluster.list(Resources.PODS, "") + " " + runtime.sandboxes(""));
    kubelet.close();
  }

  private KubeletSettings settings() throws IOException {
    Path dir = real.dir();
    return new KubeletSettings(
        "n1",
        runtime,
        List.of("10.93.7.1"),
        dir.resolve("kubelet"),
        dir.resolve("logs"),
        dir.resolve("links"),
        Map.of("topology.kubernetes.io/zone", "a"),
        List.of("10.96.0.10"),
        "cluster.local",
        "/troupe-test/kubepods",
        110,
        Optional.of(certificates.server(dir.resolve("pki"))));
  }

  private static ObjectNode pod(String name, String spec) {
    return Json.parse(
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","namespace":"shop","labels":{"app":"web"}},
         "spec":%s}"""
            .formatted(name, spec));
  }

  /** One container that runs a script. */
  private static String running(String script, String more) {
    return """
    {"nodeName":"n1","restartPolicy":"Always","terminationGracePeriodSeconds":3,%s
     "containers":[{"name":"main","image":"%s","imagePullPolicy":"IfNotPresent",
     "terminationMessagePath":"/dev/termination-log",
     "command":["sh","-c",%s]}]}"""
        .formatted(more, RealContainerd.BUSYBOX, Json.MAPPER.valueToTree(script));
  }

  private ObjectNode get(String name) {
    return cluster.get(Resources.PODS, "shop", name);
  }

  private String describe(String name) {
    return cluster.find(Resources.PODS, "shop", name).map(Object::toString).orElse("gone")
        + cluster.events(name);
  }

  private void awaitPhase(String name, String phase) {
    Until.isTrue(() -> Json.text(get(name), "status", "phase").equals(phase), () -> describe(name));
  }

  private void awaitReady(String name) {
    Until.isTrue(() -> isReady(get(name)), () -> describe(name));
  }

  private static boolean isReady(ObjectNode pod) {
    return Json.items(pod, "status", "conditions").stream()
        .anyMatch(
            c -> Json.text(c, "type").equals("Ready") && Json.text(c, "status").equals("True"));
  }

  private static String log(ObjectNode pod, String container, int attempt) {
    Path file =
        real.dir()
            .resolve("logs")
            .resolve("shop_" + Meta.name(pod) + "_" + Meta.uid(pod))
            .resolve(container)
            .resolve(attempt + ".log");
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRunAPodAndEndIt() {
    cluster.create(Resources.PODS, pod("web", running("echo hello; sleep 1000", "")));
    awaitReady("web");
    ObjectNode web = get("web");
    assertThat(Json.text(web, "status", "phase")).isEqualTo("Running");
    assertThat(Json.text(web, "status", "podIP")).startsWith("10.93.7.");
    assertThat(Json.text(web, "status", "hostIP")).isEqualTo("10.93.7.1");
    assertThat(Json.text(web, "status", "qosClass")).isEqualTo("BestEffort");
    assertThat(
            Json.items(web, "status", "containerStatuses").getFirst().get("containerID").asText())
        .startsWith("containerd://");
    Until.isTrue(() -> log(web, "main", 0).contains("stdout F hello"), () -> log(web, "main", 0));
    Until.isTrue(
        () -> cluster.events("web").contains("Started: Container started"),
        () -> cluster.events("web"));

    cluster.delete(Resources.PODS, "shop", "web", DeleteOptions.DEFAULT);
    Until.isTrue(
        () -> cluster.find(Resources.PODS, "shop", "web").isEmpty(), () -> describe("web"));
  }

  @Test
  void shouldKeepContainersAcrossARestartOfTheKubelet() throws IOException {
    cluster.create(Resources.PODS, pod("stay", running("sleep 1000", "")));
    awaitReady("stay");
    String before = Json.items(get("stay"), "status", "containerStatuses").getFirst().toString();
    kubelet.close();
    kubelet = Kubelet.start(settings(), cluster, cluster);
    cluster.create(Resources.PODS, pod("next", running("sleep 1000", "")));
    awaitReady("next");
    assertThat(Json.items(get("stay"), "status", "containerStatuses").getFirst().toString())
        .isEqualTo(before);
  }

  @Test
  void shouldRunInitContainersInOrderAndThenTheOthers() {
    cluster.create(
        Resources.PODS,
        pod(
            "init",
            """
            {"nodeName":"n1","restartPolicy":"Never","volumes":[{"name":"v","emptyDir":{}}],
             "initContainers":[
              {"name":"one","image":"%1$s","command":["sh","-c","echo one >> /v/f"],"volumeMounts":[{"name":"v","mountPath":"/v"}]},
              {"name":"two","image":"%1$s","command":["sh","-c","echo two >> /v/f"],"volumeMounts":[{"name":"v","mountPath":"/v"}]}],
             "containers":[{"name":"main","image":"%1$s","command":["cat","/v/f"],"volumeMounts":[{"name":"v","mountPath":"/v"}]}]}"""
                .formatted(RealContainerd.BUSYBOX)));
    awaitPhase("init", "Succeeded");
    ObjectNode pod = get("init");
    assertThat(log(pod, "main", 0)).containsSubsequence("one", "two");
    assertThat(Json.items(pod, "status", "initContainerStatuses"))
        .allSatisfy(s -> assertThat(s.get("ready").asBoolean()).isTrue());
  }

  @Test
  void shouldGiveContainersTheirEnvironmentAndVolumes() {
    cluster.create(
        Resources.CONFIG_MAPS,
        Json.parse(
            """
            {"metadata":{"name":"conf","namespace":"shop"},"data":{"color":"blue","file.txt":"text"}}"""));
    cluster.create(
        Resources.SECRETS,
        Json.parse(
            """
            {"metadata":{"name":"key","namespace":"shop"},"data":{"pass":"%s"}}"""
                .formatted(
                    Base64.getEncoder()
                        .encodeToString(
                            "hidden".getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
    cluster.create(
        Resources.SERVICES,
        Json.parse(
            """
            {"metadata":{"name":"db","namespace":"shop"},"spec":{"clusterIP":"10.96.0.7","ports":[{"port":5432}]}}"""));
    cluster.create(
        Resources.PODS,
        pod(
            "env",
            """
            {"nodeName":"n1","restartPolicy":"Never","serviceAccountName":"default","subdomain":"sub",
             "securityContext":{"runAsUser":1000,"fsGroup":2000},
             "volumes":[{"name":"c","configMap":{"name":"conf"}},
               {"name":"s","secret":{"secretName":"key","defaultMode":256}},
               {"name":"p","projected":{"sources":[{"serviceAccountToken":{"path":"token"}},
                 {"downwardAPI":{"items":[{"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}}],
             "containers":[{"name":"main","image":"%s",
              "env":[{"name":"COLOR","valueFrom":{"configMapKeyRef":{"name":"conf","key":"color"}}},
                {"name":"PASS","valueFrom":{"secretKeyRef":{"name":"key","key":"pass"}}},
                {"name":"BOTH","value":"$(COLOR)-$(PASS)-$(NO)"},
                {"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
                {"name":"MEM","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}}],
              "resources":{"limits":{"memory":"64Mi","cpu":"100m"}},
              "volumeMounts":[{"name":"c","mountPath":"/c"},{"name":"s","mountPath":"/s"},{"name":"p","mountPath":"/p"},
                {"name":"c","mountPath":"/one","subPath":"file.txt"}],
              "command":["sh","-c","echo $BOTH $IP $MEM $DB_SERVICE_HOST; id; cat /c/color /s/pass /p/token /p/labels /one; hostname; cat /etc/hosts /etc/resolv.conf; ls -lnL /s; cat /sys/fs/cgroup/memory/memory.limit_in_bytes"]}]}"""
                .formatted(RealContainerd.BUSYBOX)));
    awaitPhase("env", "Succeeded");
    ObjectNode pod = get("env");
    assertThat(log(pod, "main", 0))
        .contains("blue-hidden-$(NO) " + Json.text(pod, "status", "podIP") + " 64 10.96.0.7")
        .contains("uid=1000 gid=0")
        .contains("2000")
        .contains("bluehiddentoken-of-default")
        .contains("app=\"web\"text")
        .contains("env.sub.shop.svc.cluster.local")
        .contains("search shop.svc.cluster.local svc.cluster.local cluster.local")
        .contains("nameserver 10.96.0.10")
        .contains("options ndots:5");
    assertThat(Json.text(pod, "status", "qosClass")).isEqualTo("Guaranteed");
  }

  @Test
  void shouldRestartAContainerThatExitsAndBackOff() {
    cluster.create(
        Resources.PODS,
        pod("crash", running("echo last words > /dev/termination-log; exit 3", "")));
    Until.isTrue(
        () ->
            describe("crash").contains("CrashLoopBackOff")
                && describe("crash").contains("\"restartCount\":1"),
        () -> describe("crash"));
    var status = Json.items(get("crash"), "status", "containerStatuses").getFirst();
    assertThat(Json.text(status, "state", "waiting", "message"))
        .startsWith("back-off 10s restarting failed container=main pod=crash_shop(");
    assertThat(Json.number(status, 0, "lastState", "terminated", "exitCode")).isEqualTo(3);
    assertThat(Json.text(status, "lastState", "terminated", "message")).isEqualTo("last words\n");
    assertThat(Json.text(get("crash"), "status", "phase")).isEqualTo("Running");
  }

  @Test
  void shouldSayWhyAnImageIsNotThere() {
    ObjectNode never = pod("never", running("true", ""));
    ((ObjectNode) Json.items(never, "spec", "containers").getFirst())
        .put("image", "localhost/nothing:1")
        .put("imagePullPolicy", "Never");
    cluster.create(Resources.PODS, never);
    Until.isTrue(() -> describe("never").contains("ErrImageNeverPull"), () -> describe("never"));
    assertThat(Json.text(get("never"), "status", "phase")).isEqualTo("Pending");
  }

  @Test
  void shouldHoldAPodUnreadyUntilItsProbePassesAndRestartItWhenNotAlive() {
    cluster.create(
        Resources.PODS,
        pod(
            "probed",
            """
            {"nodeName":"n1","restartPolicy":"Always","terminationGracePeriodSeconds":1,
             "containers":[{"name":"main","image":"%s",
              "command":["sh","-c","touch /tmp/alive; sleep 2; touch /tmp/ready; sleep 3; rm /tmp/alive; sleep 1000"],
              "readinessProbe":{"exec":{"command":["cat","/tmp/ready"]},"periodSeconds":1},
              "livenessProbe":{"exec":{"command":["cat","/tmp/alive"]},"periodSeconds":1,"failureThreshold":1}}]}"""
                .formatted(RealContainerd.BUSYBOX)));
    awaitPhase("probed", "Running");
    assertThat(isReady(get("probed"))).isFalse();
    awaitReady("probed");
    Until.isTrue(() -> describe("probed").contains("\"restartCount\":1"), () -> describe("probed"));
    assertThat(cluster.events("probed"))
        .anyMatch(e -> e.startsWith("Unhealthy: Readiness probe failed: "))
        .contains("Killing: Container main failed liveness probe, will be restarted");
  }

  @Test
  void shouldRegisterTheNodeAndRenewItsLease() {
    Until.isTrue(
        () ->
            cluster.find(Resources.NODES, "", "n1").map(KubeletTest::isReady).orElse(false)
                && cluster.find(Resources.LEASES, "kube-node-lease", "n1").isPresent(),
        () -> cluster.list(Resources.NODES, ""));
    ObjectNode node = cluster.get(Resources.NODES, "", "n1");
    assertThat(Meta.labels(node))
        .containsEntry("kubernetes.io/hostname", "n1")
        .containsEntry("topology.kubernetes.io/zone", "a");
    assertThat(Json.text(node, "status", "capacity", "pods")).isEqualTo("110");
  }

  private SSLSocket connect(String subject) throws IOException, GeneralSecurityException {
    SSLSocket socket =
        (SSLSocket)
            certificates
                .client(subject)
                .getSocketFactory()
                .createSocket("127.0.0.1", kubelet.port().orElseThrow());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private String call(String subject, String target) throws IOException, GeneralSecurityException {
    try (SSLSocket socket = connect(subject)) {
      send(socket, "GET " + target + " HTTP/1.1\r\nHost: n1\r\n\r\n");
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void send(SSLSocket socket, String head) throws IOException {
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  @Test
  void shouldServeLogsAndExecToTheApiServerAlone() throws Exception {
    String admin = "O=system:masters,CN=apiserver";
    cluster.create(
        Resources.PODS, pod("served", running("echo one; echo two; echo three; sleep 1000", "")));
    awaitReady("served");
    Until.isTrue(() -> log(get("served"), "main", 0).contains("three"), () -> describe("served"));

    assertThat(call("", "/containerLogs/shop/served/main")).startsWith("HTTP/1.1 401 ");
    assertThat(call("CN=somebody", "/containerLogs/shop/served/main")).startsWith("HTTP/1.1 403 ");
    assertThat(call(admin, "/containerLogs/shop/served/main?tailLines=2"))
        .startsWith("HTTP/1.1 200 ")
        .contains("two")
        .contains("three")
        .doesNotContain("one");
    assertThat(call(admin, "/containerLogs/shop/served/main?limitBytes=5"))
        .contains("one")
        .doesNotContain("two");
    assertThat(call(admin, "/containerLogs/shop/nobody/main"))
        .contains("404", "pod does not exist");
    assertThat(call(admin, "/run/shop/served/main?cmd=echo%20hi")).contains("hi");
    assertThat(call(admin, "/stats/summary"))
        .contains("\"name\":\"served\"", "usageCoreNanoSeconds");
    assertThat(call(admin, "/metrics/resource")).contains("pod=\"served\"");
    assertThat(call(admin, "/pods")).contains("PodList", "served");

    try (SSLSocket socket = connect(admin)) {
      send(
          socket,
          """
          GET /exec/shop/served/main?command=echo&command=through&output=1&error=1 HTTP/1.1
          Host: n1
          Connection: Upgrade
          Upgrade: websocket
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Sec-WebSocket-Protocol: v4.channel.k8s.io

          """
              .replace("\n", "\r\n"));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 101 ").contains("through").contains("Success");
    }
  }
}
