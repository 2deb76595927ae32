package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.cluster.DataDirectory;
import io.troupe.cli.cluster.Network;
import io.troupe.cli.cluster.NodeIdentity;
import io.troupe.cli.cluster.Worker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code troupe node join}: this machine becomes a node of a cluster, and nothing else. */
@Command(
    name = "join",
    description = "Make this machine a node of a cluster.",
    mixinStandardHelpOptions = true)
public final class NodeJoin implements Callable<Integer> {
  @Option(
      names = "--server",
      required = true,
      description = "The cluster's API server, for example https://10.0.0.1:6443.")
  private String server;

  @Option(
      names = "--token",
      defaultValue = "",
      description = "From `troupe node token`; needed the first time.")
  private String token;

  @Option(
      names = "--ca-hash",
      defaultValue = "",
      description = "From `troupe node token`; needed the first time.")
  private String authorityHash;

  @Option(names = "--data-dir", description = "Where the node's state is kept.")
  private java.nio.file.Path dataDir;

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

  @Option(names = "--zone", defaultValue = "a", description = "This node's zone (default: a).")
  private String zone;

  @Override
  public Integer call() throws StartFailure, IOException, InterruptedException {
    if (!server.matches("https://[^/]+")) {
      throw new StartFailure("--server " + server + ": write https://host:port");
    }
    if (!Defaults.isRoot()) {
      throw new StartFailure("a node needs root: it runs containers");
    }
    DataDirectory data = DataDirectory.open(Defaults.dataDir(dataDir));
    String name = nodeName.isEmpty() ? Defaults.hostName() : nodeName;
    String where = address.isEmpty() ? Network.primaryAddress() : address;
    NodeIdentity identity = new NodeIdentity(data.child("pki"), URI.create(server), name, where);
    if (!identity.isPresent()) {
      requireInvitation();
      identity.join(token, authorityHash);
    }
    run(data, identity, settings(data, identity, name, where));
    return 0;
  }

  private void requireInvitation() throws StartFailure {
    if (token.isEmpty() || authorityHash.isEmpty()) {
      throw new StartFailure(
          "this machine has not joined yet: it needs --token and --ca-hash, as `troupe node token` prints them");
    }
  }

  private Worker.Settings settings(
      DataDirectory data, NodeIdentity identity, String name, String where) throws IOException {
    return new Worker.Settings(
        name,
        zone,
        where,
        URI.create(server),
        Files.readString(identity.authority()),
        identity.client(),
        identity.key(),
        identity.serving(),
        identity.key(),
        identity.authority(),
        data.root());
  }

  private static void run(DataDirectory data, NodeIdentity identity, Worker.Settings settings)
      throws StartFailure, IOException, InterruptedException {
    Lifetime lifetime = Lifetime.begin(data);
    lifetime.add(identity.keepFresh());
    lifetime.add(Worker.start(settings));
    lifetime.ready("Node " + settings.nodeName() + " has joined " + settings.apiServer() + ".\n");
    lifetime.awaitEnd();
  }
}
