package io.troupe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.client.Subscription;
import io.troupe.api.client.http.ApiServer;
import io.troupe.api.client.http.Credentials;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.cli.StartFailure;
import io.troupe.cli.cluster.ClusterSettings;
import io.troupe.cli.cluster.ControlPlane;
import io.troupe.cli.cluster.DataDirectory;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.control.apiserver.pki.KeyPairFile;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code troupe train}: a control plane's short life under load, for the JVM to record into its
 * start cache. What runs here starts fast and warm later; it leaves nothing behind.
 */
@Command(name = "train", hidden = true, description = "Record a start (used by the troupe script).")
public final class Train implements Callable<Integer> {
  private static final Duration LOAD = Duration.ofSeconds(10);
  private static final int CLIENTS = 8;
  private static final String NAMESPACE = "train";
  private static final String ADDRESS = "127.0.0.1";

  @Override
  public Integer call() throws StartFailure, IOException, InterruptedException {
    Path folder = Files.createTempDirectory("troupe-train");
    // The embedded database runs as another user.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = freePort();
    ClusterSettings settings =
        new ClusterSettings(port, "", "", "", "a", ADDRESS, 0, List.of(), List.of());
    try (DataDirectory data = DataDirectory.open(folder);
        ControlPlane plane = ControlPlane.start(data, data.child("pki"), settings)) {
      load(plane, URI.create("https://" + ADDRESS + ":" + port));
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  private static void load(ControlPlane plane, URI server)
      throws IOException, InterruptedException {
    KeyPairFile admin =
        plane.pki().certificate("admin", Subject.client("kubernetes-admin", "system:masters"));
    try (HttpKubeClient client =
        new HttpKubeClient(
            new ApiServer(server, plane.pki().authorityPem()),
            () -> Credentials.certificate(admin.certificatePem(), admin.keyPem()),
            "troupe-train")) {
      ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", NAMESPACE);
      client.create(Resources.NAMESPACES, namespace);
      Subscription maps = watch(client, Resources.CONFIG_MAPS);
      Subscription pods = watch(client, Resources.PODS);
      List<Thread> threads = new ArrayList<>();
      long end = System.nanoTime() + LOAD.toNanos();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        threads.add(Thread.ofVirtual().start(() -> use(client, number, end)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      maps.close();
      pods.close();
    }
  }

  private static Subscription watch(KubeClient client, Resource type) {
    return client.watch(type, NAMESPACE, ListOptions.ALL, event -> {}, () -> {});
  }

  private static void use(KubeClient client, int number, long endNanos) {
    for (int round = 0; System.nanoTime() < endNanos; round++) {
      String name = "load-" + number + "-" + round;
      live(client, Resources.CONFIG_MAPS, configMap(name));
      live(client, Resources.PODS, pod(name));
      if (round % 50 == 0) {
        live(client, Resources.DEPLOYMENTS, deployment(name));
        client.list(Resources.CONFIG_MAPS, NAMESPACE, ListOptions.ALL);
        client.list(Resources.PODS, NAMESPACE, new ListOptions("app=load", "", "", 10, ""));
      }
    }
  }

  /** What clients do most with an object. */
  private static void live(KubeClient client, Resource type, ObjectNode object) {
    String name = Json.text(object, "metadata", "name");
    client.create(type, object);
    client.get(type, NAMESPACE, name);
    ObjectNode changed = object.deepCopy();
    Json.ensure(changed, "metadata").putObject("annotations").put("note", "x".repeat(100));
    client.update(type, changed);
    ObjectNode patch = Json.object();
    patch.putObject("metadata").putObject("labels").put("patched", "yes");
    client.patch(type, NAMESPACE, name, "", PatchType.MERGE, patch);
    client.patch(type, NAMESPACE, name, "", PatchType.STRATEGIC, patch);
    client.delete(type, NAMESPACE, name, KubeClient.DeleteOptions.now(""));
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata =
        object.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
    metadata.putObject("labels").put("app", "load");
    return object;
  }

  private static ObjectNode configMap(String name) {
    ObjectNode map = object("v1", "ConfigMap", name);
    map.putObject("data").put("key", "v".repeat(800));
    return map;
  }

  private static ObjectNode pod(String name) {
    ObjectNode pod = object("v1", "Pod", name);
    podSpec(pod.putObject("spec"));
    return pod;
  }

  private static void podSpec(ObjectNode spec) {
    spec.putObject("nodeSelector").put("train", "nowhere");
    ArrayNode containers = spec.putArray("containers");
    ObjectNode main = containers.addObject().put("name", "main").put("image", "example/app:1");
    main.putArray("ports").addObject().put("containerPort", 8080).put("name", "http");
    main.putArray("env").addObject().put("name", "A").put("value", "1");
    main.putObject("resources").putObject("requests").put("cpu", "10m").put("memory", "16Mi");
    main.putObject("readinessProbe").putObject("httpGet").put("path", "/").put("port", "http");
  }

  private static ObjectNode deployment(String name) {
    ObjectNode deployment = object("apps/v1", "Deployment", name);
    ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    podSpec(template.putObject("spec"));
    return deployment;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
