package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code troupe audit verify}: whether the journal is what was committed. Exit code 1 when it is not. */
@Command(name = "verify", description = "Check the journal's hash chain.", mixinStandardHelpOptions = true)
public final class AuditVerify implements Callable<Integer> {
  @Mixin private ClusterOptions cluster;

  @Override
  public Integer call() throws StartFailure {
    try (Cluster open = cluster.open()) {
      Optional<String> problem = open.verify();
      System.out.println(problem.map(p -> "The journal was changed: " + p).orElse("The journal is whole: nothing was altered or removed."));
      return problem.isPresent() ? 1 : 0;
    }
  }
}
