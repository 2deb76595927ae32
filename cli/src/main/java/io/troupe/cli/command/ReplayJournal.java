package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import io.troupe.cli.audit.Replay;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code troupe replay --verify}: the journal replayed beside the API. Exit code 1 when they differ. */
@Command(name = "replay", description = "Rebuild the state from the journal and compare it with what the API serves.", mixinStandardHelpOptions = true)
public final class ReplayJournal implements Callable<Integer> {
  private static final int SHOWN_MAX = 10;

  @Mixin private ClusterOptions cluster;

  /** The one thing that a replay is for so far; named so that others can come beside it. */
  @SuppressWarnings("UnusedVariable")
  @Option(names = "--verify", required = true, description = "Compare with what the API serves.")
  private boolean verify;

  @Override
  public Integer call() throws StartFailure {
    try (Cluster open = cluster.open()) {
      Replay.Report report = Replay.run(open);
      System.out.printf(
          "Journal: %d changes up to revision %d give %d objects of %d types.%n",
          report.changes(), report.revision(), report.objects(), report.types());
      System.out.printf("API:     %d objects served.%n", report.served());
      int differences = report.differences().size();
      if (differences == 0) {
        System.out.println("They are equal.");
        return 0;
      }
      System.out.printf("They differ in %d places:%n", differences);
      report.differences().stream().limit(SHOWN_MAX).forEach(d -> System.out.println("  " + d));
      return 1;
    }
  }
}
