package io.troupe.cli;

import io.troupe.api.object.RefusedException;
import io.troupe.cli.command.Audit;
import io.troupe.cli.command.Down;
import io.troupe.cli.command.ReplayJournal;
import io.troupe.cli.command.Status;
import io.troupe.cli.command.Train;
import io.troupe.cli.command.Up;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code troupe}: exit code 0 for done, 1 for a refusal of the cluster, 2 for a wrong use or a failed start. */
@Command(
    name = "troupe",
    description = "Kubernetes as an event-sourced actor system.",
    mixinStandardHelpOptions = true,
    version = "troupe 0.1.0 (Kubernetes v1.37)",
    subcommands = {
      Up.class, Down.class, Status.class, Audit.class, ReplayJournal.class, Train.class
    })
public final class Main {
  private static final int REFUSED = 1;
  private static final int FAILED = 2;

  private Main() {}

  public static void main(String[] args) {
    CommandLine line =
        new CommandLine(new Main())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  if (failure instanceof RefusedException) {
                    System.err.println("troupe: " + failure.getMessage());
                    return REFUSED;
                  }
                  if (failure instanceof StartFailure) {
                    System.err.println("troupe: " + failure.getMessage());
                  } else {
                    System.err.println("troupe: " + failure);
                    failure.printStackTrace();
                  }
                  return FAILED;
                });
    System.exit(line.execute(args));
  }
}
