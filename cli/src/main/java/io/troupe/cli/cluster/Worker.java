package io.troupe.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.http.ApiServer;
import io.troupe.api.client.http.Backoff;
import io.troupe.api.client.http.Credentials;
import io.troupe.api.client.http.HttpClusterView;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.cli.StartFailure;
import io.troupe.node.dns.ClusterDns;
import io.troupe.node.kubelet.Kubelet;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.kubelet.server.ServerSettings;
import io.troupe.node.network.PodNetwork;
import io.troupe.node.proxy.ServiceProxy;
import io.troupe.node.runtime.containerd.Containerd;
import io.troupe.node.runtime.containerd.ContainerdSettings;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node: containerd, kubelet, pod network, service proxy and DNS, over HTTPS with the node's certificate. */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int PODS_MAX = 250;
  private static final int KUBELET_PORT = 10_250;
  private static final int DNS_PORT = 10_053;
  private static final long POD_CIDR_TRIES = 600;
  private static final long POD_CIDR_WAIT_MILLIS = 50;

  /**
   * Where a node stands and as whom it speaks.
   *
   * @param certificate PEM file of the node's client and serving certificate, read again when it changes
   */
  public record Settings(
      String nodeName,
      String zone,
      String address,
      URI apiServer,
      String authorityPem,
      Path certificate,
      Path key,
      Path authority,
      Path dataDir) {}

  private final List<AutoCloseable> parts = new ArrayList<>();

  private Worker() {}

  /**
   * Starts the node and returns when it is registered and its network stands.
   *
   * @throws StartFailure with the sentence for the user
   */
  public static Worker start(Settings settings) throws StartFailure {
    Worker worker = new Worker();
    try {
      worker.startParts(settings);
      return worker;
    } catch (StartFailure | RuntimeException e) {
      worker.close();
      throw e;
    } catch (IOException e) {
      worker.close();
      throw new StartFailure("the node did not start: " + e.getMessage(), e);
    }
  }

  private void startParts(Settings settings) throws StartFailure, IOException {
    Path cniConf = settings.dataDir().resolve("cni/conf");
    Files.createDirectories(cniConf);
    Containerd containerd = containerd(settings, cniConf);
    CompletableFuture<Void> pause = CompletableFuture.runAsync(containerd::ensurePauseImage);
    Supplier<Credentials> credentials = Credentials.files(settings.certificate(), settings.key());
    HttpKubeClient client =
        new HttpKubeClient(new ApiServer(settings.apiServer(), settings.authorityPem()), credentials, "troupe-node");
    parts.add(client);
    HttpClusterView view =
        new HttpClusterView(client, scope(settings.nodeName()), Backoff.standard(() -> ThreadLocalRandom.current().nextDouble()));
    parts.add(view);
    CriRuntime runtime = new CriRuntime(containerd.socket());
    parts.add(runtime);
    pause.join();
    parts.add(Kubelet.start(kubelet(settings, runtime), client, view));
    startNetwork(settings, client, view, cniConf);
  }

  private Containerd containerd(Settings settings, Path cniConf) throws StartFailure {
    try {
      return Containerd.start(settings.dataDir().resolve("containerd"), ContainerdSettings.of(cniConf));
    } catch (RuntimeException e) {
      throw new StartFailure("containerd did not start: " + e.getMessage(), e);
    }
  }

  /** A node follows its own pods, and of the other types all. */
  private static Function<Resource, ListOptions> scope(String nodeName) {
    return type ->
        type.equals(Resources.PODS) ? ListOptions.fields("spec.nodeName=" + nodeName) : ListOptions.ALL;
  }

  private static KubeletSettings kubelet(Settings settings, CriRuntime runtime) {
    return new KubeletSettings(
        settings.nodeName(),
        runtime,
        List.of(settings.address()),
        settings.dataDir().resolve("kubelet"),
        Path.of("/var/log/pods"),
        Path.of("/var/log/containers"),
        Map.of("topology.kubernetes.io/zone", settings.zone()),
        List.of(ClusterSettings.DNS_SERVICE_IP),
        ClusterSettings.CLUSTER_DOMAIN,
        "/kubepods-" + settings.nodeName(),
        PODS_MAX,
        Optional.of(
            new ServerSettings(
                "0.0.0.0", KUBELET_PORT, settings.certificate(), settings.key(), settings.authority())));
  }

  private void startNetwork(Settings settings, KubeClient client, HttpClusterView view, Path cniConf)
      throws IOException, StartFailure {
    String podCidr = podCidr(client, settings.nodeName());
    parts.add(
        PodNetwork.start(
            view,
            new PodNetwork.Settings(
                settings.nodeName(),
                ClusterSettings.POD_CIDR,
                podCidr,
                cniConf,
                settings.dataDir().resolve("cni/state"))));
    ClusterDns dns =
        ClusterDns.start(
            view,
            ClusterSettings.CLUSTER_DOMAIN,
            InetAddress.getByName(settings.address()),
            DNS_PORT,
            Resolvers.ofMachine());
    parts.add(dns);
    parts.add(
        ServiceProxy.start(
            view,
            settings.nodeName(),
            settings.zone(),
            ClusterSettings.POD_CIDR,
            ClusterSettings.DNS_SERVICE_IP,
            settings.address() + ":" + dns.port()));
  }

  /** The control plane gives each node its range when it registers. */
  private static String podCidr(KubeClient client, String nodeName) throws StartFailure {
    for (int i = 0; i < POD_CIDR_TRIES; i++) {
      try {
        ObjectNode node = client.get(Resources.NODES, "", nodeName);
        String cidr = Json.text(node, "spec", "podCIDR");
        if (!cidr.isEmpty()) {
          return cidr;
        }
      } catch (io.troupe.api.object.RefusedException notYet) {
        LOG.debug("waiting for node {}: {}", nodeName, notYet.getMessage());
      }
      try {
        Thread.sleep(POD_CIDR_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new StartFailure("node " + nodeName + " got no pod address range from the control plane");
  }

  /** Stops the JVM's part; containers, rules and routes stay. */
  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("closing {}: {}", part.getClass().getSimpleName(), e.getMessage());
      }
    }
    parts.clear();
  }
}
