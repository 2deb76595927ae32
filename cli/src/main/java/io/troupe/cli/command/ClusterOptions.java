package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command speaks to. */
final class ClusterOptions {
  @Option(names = "--kubeconfig", description = "How to reach the cluster (default: admin.kubeconfig in the data directory).")
  private Path kubeconfig;

  @Option(names = "--data-dir", description = "Where the cluster's state is kept.")
  private Path dataDir;

  Cluster open() throws StartFailure {
    return Cluster.open(kubeconfig != null ? kubeconfig : Defaults.dataDir(dataDir).resolve("admin.kubeconfig"));
  }
}
