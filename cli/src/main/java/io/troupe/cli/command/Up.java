package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.cluster.ClusterSettings;
import io.troupe.cli.cluster.ControlPlane;
import io.troupe.cli.cluster.DataDirectory;
import io.troupe.cli.cluster.Network;
import io.troupe.cli.cluster.Worker;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.control.apiserver.pki.ClusterPki;
import io.troupe.control.apiserver.pki.KeyPairFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code troupe up}: a control plane, and as root on Linux a node beside it. */
@Command(
    name = "up",
    description = "Start a cluster on this machine.",
    mixinStandardHelpOptions = true)
public final class Up implements Callable<Integer> {
  @Option(names = "--data-dir", description = "Where the cluster's state is kept.")
  private Path dataDir;

  @Option(
      names = "--port",
      defaultValue = "6443",
      description = "Port of the API server (default: 6443).")
  private int port;

  @Option(
      names = "--database",
      defaultValue = "",
      description = "JDBC URL of an external PostgreSQL.")
  private String database;

  @Option(names = "--database-user", defaultValue = "postgres", description = "Its user.")
  private String databaseUser;

  @Option(
      names = "--database-password",
      defaultValue = "${TROUPE_DATABASE_PASSWORD:-}",
      description = "Its password (better: the environment variable TROUPE_DATABASE_PASSWORD).")
  private String databasePassword;

  @Option(names = "--zone", defaultValue = "a", description = "This member's zone (default: a).")
  private String zone;

  @Option(
      names = "--node-name",
      defaultValue = "",
      description = "This node's name (default: the host's).")
  private String nodeName;

  @Option(
      names = "--address",
      defaultValue = "",
      description = "Address under which others reach this machine.")
  private String address;

  @Option(
      names = "--member-port",
      defaultValue = "0",
      description = "Port of the actor cluster; 0: a cluster of one.")
  private int memberPort;

  @Option(names = "--seed", description = "host:port of a member, repeatable.")
  private List<String> seeds = new ArrayList<>();

  @Option(
      names = "--zones",
      defaultValue = "0",
      description = "Start this many zones on this machine, each in a network of its own.")
  private int zones;

  @Option(
      names = "--pki-dir",
      description = "Folder of the cluster's certificates, when several members share it.")
  private Path pkiDir;

  @Option(names = "--no-node", description = "Control plane only.")
  private boolean noNode;

  /** Read by the {@code troupe} script, which goes into the background; here for the help text. */
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-d", "--detach"},
      description = "Run in the background.")
  private boolean detach;

  @Override
  public Integer call() throws StartFailure, IOException, InterruptedException {
    long began = System.nanoTime();
    if (zones == 0) {
      requireFree(port);
    }
    DataDirectory data = DataDirectory.open(Defaults.dataDir(dataDir));
    Lifetime lifetime = Lifetime.begin(data);
    if (zones > 0) {
      Zones all = new Zones(data, zones);
      lifetime.add(all::stop);
      lifetime.ready(all.start());
      lifetime.awaitEnd();
      return 0;
    }
    ControlPlane plane = ControlPlane.start(data, pki(data), settings());
    lifetime.add(plane);
    Path kubeconfig = writeKubeconfig(data, plane);
    if (wantsNode()) {
      lifetime.add(Worker.start(node(data, plane)));
    }
    report(lifetime, plane, kubeconfig, (System.nanoTime() - began) / 1_000_000);
    lifetime.awaitEnd();
    return 0;
  }

  private static void requireFree(int port) throws StartFailure {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress((InetAddress) null, port));
    } catch (IOException e) {
      throw new StartFailure(
          "port " + port + " is taken by another program; choose another with --port", e);
    }
  }

  private ClusterSettings settings() {
    return new ClusterSettings(
        port,
        database,
        databaseUser,
        databasePassword,
        zone,
        ownAddress(),
        memberPort,
        seeds,
        List.of(Defaults.hostName()));
  }

  private String ownAddress() {
    return address.isEmpty() ? Network.primaryAddress() : address;
  }

  private Path pki(DataDirectory data) {
    return pkiDir == null ? data.child("pki") : pkiDir.toAbsolutePath();
  }

  private boolean wantsNode() {
    return !noNode && Defaults.isRoot();
  }

  private Worker.Settings node(DataDirectory data, ControlPlane plane) throws IOException {
    String name = nodeName.isEmpty() ? Defaults.hostName() : nodeName;
    ClusterPki pki = plane.pki();
    Subject subject =
        new Subject(
            "system:node:" + name,
            List.of("system:nodes"),
            List.of(name, ownAddress(), "127.0.0.1"),
            true,
            true);
    pki.certificate("node-" + name, subject);
    Path folder = pki(data);
    return new Worker.Settings(
        name,
        zone,
        ownAddress(),
        URI.create("https://127.0.0.1:" + plane.apiPort()),
        pki.authorityPem(),
        folder.resolve("node-" + name + ".crt"),
        folder.resolve("node-" + name + ".key"),
        folder.resolve("ca.crt"),
        data.root());
  }

  private Path writeKubeconfig(DataDirectory data, ControlPlane plane) throws IOException {
    KeyPairFile admin =
        plane.pki().certificate("admin", Subject.client("kubernetes-admin", "system:masters"));
    String host = memberPort == 0 ? "127.0.0.1" : ownAddress();
    Path file = data.child("admin.kubeconfig");
    ClusterPki.writePrivate(
        file,
        plane
            .pki()
            .kubeconfig("https://" + host + ":" + plane.apiPort(), "kubernetes-admin", admin));
    return file;
  }

  private void report(Lifetime lifetime, ControlPlane plane, Path kubeconfig, long millis)
      throws IOException {
    String text =
        """
        Troupe is up after %.1f s.
          API server  https://%s:%d
          kubeconfig  %s
        Next:
          export KUBECONFIG=%s
          kubectl get nodes
        """
            .formatted(millis / 1_000.0, ownAddress(), plane.apiPort(), kubeconfig, kubeconfig);
    if (!wantsNode()) {
      text =
          text.replace(
              "Next:",
              "  no node here: "
                  + (noNode ? "as asked (--no-node)" : "nodes need root")
                  + "\nNext:");
    }
    lifetime.ready(text);
  }
}
