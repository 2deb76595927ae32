package io.troupe.control.controllers.upstream;

import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.http.ApiServer;
import io.troupe.api.client.http.Credentials;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Upstream's kube-apiserver and etcd as processes of the test, on free loopback ports. */
final class UpstreamApiServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TOKEN = "test-token";

  private final List<Process> processes = new ArrayList<>();
  private final HttpKubeClient client;

  /** Where the binaries are; empty when this machine has none. */
  static Optional<Path> binaries() {
    String cache = System.getenv("CONFORMANCE_CACHE");
    Path root =
        cache != null
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache", "troupe-conformance");
    Path bin = root.resolve("bin");
    return Files.isExecutable(bin.resolve("kube-apiserver"))
            && Files.isExecutable(bin.resolve("etcd"))
        ? Optional.of(bin)
        : Optional.empty();
  }

  UpstreamApiServer(Path bin, Path state) {
    try {
      int store = freePort();
      int peer = freePort();
      int api = freePort();
      String storeUrl = "http://127.0.0.1:" + store;
      String peerUrl = "http://127.0.0.1:" + peer;
      run(
          state,
          bin.resolve("etcd").toString(),
          "--data-dir=" + state.resolve("etcd"),
          "--unsafe-no-fsync",
          "--listen-client-urls=" + storeUrl,
          "--advertise-client-urls=" + storeUrl,
          "--listen-peer-urls=" + peerUrl,
          "--initial-advertise-peer-urls=" + peerUrl,
          "--initial-cluster=default=" + peerUrl,
          "--log-level=error");
      Path key = state.resolve("sa.key");
      Files.writeString(key, rsaKey());
      Path tokens = state.resolve("tokens.csv");
      Files.writeString(tokens, TOKEN + ",admin,1,system:masters\n");
      run(
          state,
          bin.resolve("kube-apiserver").toString(),
          "--etcd-servers=" + storeUrl,
          "--secure-port=" + api,
          "--bind-address=127.0.0.1",
          "--cert-dir=" + state.resolve("certs"),
          "--service-cluster-ip-range=10.96.0.0/16",
          "--service-account-key-file=" + key,
          "--service-account-signing-key-file=" + key,
          "--service-account-issuer=https://test.local",
          "--authorization-mode=RBAC",
          "--token-auth-file=" + tokens);
      Path certificate = state.resolve("certs").resolve("apiserver.crt");
      await(() -> Files.exists(certificate));
      client =
          new HttpKubeClient(
              new ApiServer(URI.create("https://127.0.0.1:" + api), Files.readString(certificate)),
              () -> Credentials.token(TOKEN),
              "troupe-test");
      await(this::isReady);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  HttpKubeClient client() {
    return client;
  }

  private boolean isReady() {
    try {
      client.get(Resources.NAMESPACES, "", "default");
      client.list(Resources.CLUSTER_ROLES, "", ListOptions.ALL);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private void run(Path state, String... command) throws IOException {
    Path log = state.resolve(Path.of(command[0]).getFileName() + ".log");
    processes.add(
        new ProcessBuilder(Arrays.asList(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String rsaKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void await(java.util.function.BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until || processes.stream().anyMatch(p -> !p.isAlive())) {
        throw new IllegalStateException("kube-apiserver or etcd did not start");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    processes.reversed().forEach(UpstreamApiServer::end);
  }

  private static void end(Process process) {
    try {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
