package io.troupe.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two zones on this machine, the real kubectl, real containers: what a new user does, and a kill
 * -9.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: web
              image: localhost/troupe/test:1
              command: [sh, -c, "echo started; hostname > /www/index.html; exec httpd -f -p 8080 -h /www"]
              ports: [{containerPort: 8080}]
              readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: 8080}]
      """;

  private static Path dir;
  private static Process cluster;

  @BeforeAll
  static void start() throws IOException {
    boolean ready =
        System.getProperty("user.name").equals("root")
            && Shell.has("containerd")
            && Shell.has("nft")
            && Shell.has("kubectl")
            && TestImage.busybox().isPresent();
    if (!ready) {
      System.out.println(
          "skipped: the end-to-end part needs root, containerd, nft, kubectl and a static busybox");
    }
    assumeTrue(ready, "needs root, containerd, nft, kubectl and a static busybox");
    dir =
        Files.createTempDirectory(
            "troupe-it",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    cluster = up();
    Path image = TestImage.build(Files.createDirectory(dir.resolve("image")));
    for (String zone : List.of("a", "b")) {
      Shell.run(
              "sh",
              "-c",
              "ctr -a $(find "
                  + dir.resolve("data/zones").resolve(zone)
                  + " -name containerd.sock) -n k8s.io images import "
                  + image)
          .ok();
    }
  }

  private static Process up() throws IOException {
    Path log = dir.resolve("up.log");
    Files.deleteIfExists(dir.resolve("data/ready"));
    Process process =
        new ProcessBuilder(
                Shell.troupe("up", "--zones", "2", "--data-dir", dir.resolve("data").toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    await(
        "the cluster is ready",
        () -> Files.exists(dir.resolve("data/ready")) || !process.isAlive());
    assertThat(process.isAlive()).as(() -> read(log)).isTrue();
    return process;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (cluster != null) {
      cluster.destroy();
      cluster.waitFor(60, TimeUnit.SECONDS);
      Shell.run("", Shell.troupe("down", "--pods", "--data-dir", dir.resolve("data").toString()));
      Shell.run("rm", "-rf", dir.toString());
    }
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came true: " + what);
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  private static Shell.Result kubectl(String arguments) {
    return kubectlWith("", arguments);
  }

  private static Shell.Result kubectlWith(String input, String arguments) {
    String config = dir.resolve("data/admin.kubeconfig").toString();
    return Shell.run(
        input, List.of("sh", "-c", "kubectl --kubeconfig " + config + " " + arguments));
  }

  private static boolean hasTwoPods() {
    return kubectl("get pods -l app=web --no-headers").output().lines().count() == 2;
  }

  private static String ready() {
    return kubectl("get deploy web -o jsonpath={.status.readyReplicas}").output().strip();
  }

  @Test
  @Order(1)
  void shouldShowTwoReadyNodesInTheirZones() {
    await(
        "two nodes are Ready",
        () ->
            kubectl("get nodes --no-headers")
                    .output()
                    .lines()
                    .filter(l -> l.contains(" Ready"))
                    .count()
                == 2);
    assertThat(kubectl("get nodes -L topology.kubernetes.io/zone --no-headers").ok())
        .containsPattern("zone-a .* a\\b")
        .containsPattern("zone-b .* b\\b");
  }

  @Test
  @Order(2)
  void shouldTurnAManifestIntoContainersBehindAService() {
    kubectlWith(WEB, "apply -f -").ok();
    await("three replicas are ready", () -> ready().equals("3"));
    assertThat(kubectl("get pods -l app=web -o wide --no-headers").ok().lines()).hasSize(3);
    kubectl(
            "run client --image=localhost/troupe/test:1 --restart=Never --command -- sh -c 'wget -qO- http://web.default.svc.cluster.local/'")
        .ok();
    await(
        "the client pod succeeds",
        () -> kubectl("get pod client -o jsonpath={.status.phase}").output().contains("Succeeded"));
  }

  @Test
  @Order(3)
  void shouldRefuseAMistakeWithItsField() {
    Shell.Result refused =
        kubectlWith(
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"bad\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"c\"}},\"spec\":{\"containers\":[{\"name\":\"x\"}]}}}}",
            "create --validate=false -f -");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output())
        .contains("spec.template.spec.containers[0].image: Required value")
        .contains("`selector` does not match template `labels`");
  }

  @Test
  @Order(4)
  void shouldScaleAndRollOutAndUndo() {
    kubectl("scale deploy web --replicas=2").ok();
    await(
        "two replicas are left",
        () -> kubectl("get pods -l app=web --no-headers").output().lines().count() == 2);
    kubectl("set env deploy/web COLOUR=blue").ok();
    kubectl("rollout status deploy/web --timeout=120s").ok();
    assertThat(kubectl("rollout history deploy/web").ok()).contains("1").contains("2");
    kubectl("rollout undo deploy/web").ok();
    kubectl("rollout status deploy/web --timeout=120s").ok();
    assertThat(kubectl("get deploy web -o yaml").ok()).doesNotContain("COLOUR");
  }

  @Test
  @Order(5)
  void shouldKeepContainersAndObjectsOverAKill() throws IOException, InterruptedException {
    await("two pods are left of the roll-outs", ClusterIT::hasTwoPods);
    String before =
        kubectl(
                "get pods -l app=web -o jsonpath='{.items[*].status.containerStatuses[*].containerID}'")
            .ok();
    String revision = kubectl("get deploy web -o jsonpath={.metadata.resourceVersion}").ok();
    Shell.run(
        "sh", "-c", "pkill -9 -f 'io.troupe.cli.Main up .*" + dir.resolve("data/zones") + "'");
    cluster.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    cluster = up();
    await("the pods are seen again", () -> ready().equals("2"));
    await("two pods are there", ClusterIT::hasTwoPods);
    String after =
        kubectl(
                "get pods -l app=web -o jsonpath='{.items[*].status.containerStatuses[*].containerID}'")
            .ok();
    assertThat(after.split(" ")).containsExactlyInAnyOrder(before.split(" "));
    assertThat(
            Long.parseLong(
                kubectl("create configmap later -o jsonpath={.metadata.resourceVersion}").ok()))
        .isGreaterThan(Long.parseLong(revision));
  }

  @Test
  @Order(6)
  void shouldReadThePast() {
    String revision = kubectl("get deploy web -o jsonpath={.metadata.resourceVersion}").ok();
    kubectl("delete deploy web --wait=false").ok();
    await("the deployment is gone", () -> kubectl("get deploy web").code() != 0);
    assertThat(
            kubectl(
                    "get --raw /at/"
                        + revision
                        + "/apis/apps/v1/namespaces/default/deployments/web")
                .ok())
        .contains("\"name\":\"web\"");
    await(
        "its pods are gone",
        () -> kubectl("get pods -l app=web --no-headers").output().contains("No resources"));
  }
}
