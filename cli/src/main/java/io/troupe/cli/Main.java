package io.troupe.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code troupe}: exit code 0 for done, 1 for a refusal of the cluster, 2 for a wrong use or a failed start. */
@Command(
    name = "troupe",
    description = "Kubernetes as an event-sourced actor system.",
    mixinStandardHelpOptions = true,
    version = "troupe 0.1.0 (Kubernetes v1.37)",
    subcommands = {})
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
