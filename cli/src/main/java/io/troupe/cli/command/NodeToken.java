package io.troupe.cli.command;

import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import io.troupe.cli.cluster.ClusterAuthority;
import io.troupe.control.apiserver.pki.Pem;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code troupe node token}: makes a token with which machines may join, and prints how. */
@Command(
    name = "token",
    description = "Make a token, and print the command that joins a machine.",
    mixinStandardHelpOptions = true)
public final class NodeToken implements Callable<Integer> {
  private static final Pattern SERVER = Pattern.compile("server: (\\S+)");

  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--hours",
      defaultValue = "24",
      description = "How long it is good (default: 24).")
  private int hours;

  @Override
  public Integer call() throws StartFailure {
    if (hours < 1) {
      throw new StartFailure("--hours " + hours + ": at least 1");
    }
    try (Cluster open = cluster.open()) {
      BootstrapToken token = BootstrapToken.random();
      open.client()
          .create(
              Resources.SECRETS, token.secretObject(Instant.now().plus(Duration.ofHours(hours))));
      System.out.printf(
          "troupe node join --server %s --token %s --ca-hash %s%n",
          address(open), token, hash(open));
      return 0;
    }
  }

  /** The address that others reach, which the administrator's own kubeconfig need not have. */
  private static String address(Cluster open) {
    var info = open.client().get(Resources.CONFIG_MAPS, "kube-public", "cluster-info");
    Matcher server = SERVER.matcher(Json.text(info, "data", "kubeconfig"));
    return server.find() ? server.group(1) : open.server().base().toString();
  }

  private static String hash(Cluster open) throws StartFailure {
    try {
      return ClusterAuthority.hash(Pem.certificate(open.server().caPem()));
    } catch (GeneralSecurityException e) {
      throw new StartFailure("the kubeconfig's authority cannot be read: " + e.getMessage(), e);
    }
  }
}
