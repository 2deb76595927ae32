package io.troupe.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code troupe status}: whether a cluster runs on a data directory, and how to reach it. Exit code 1 when none does. */
@Command(name = "status", description = "Tell whether the cluster runs.", mixinStandardHelpOptions = true)
public final class Status implements Callable<Integer> {
  @Option(names = "--data-dir", description = "Where the cluster's state is kept.")
  private Path dataDir;

  @Override
  public Integer call() throws IOException {
    Path root = Defaults.dataDir(dataDir);
    Path pidFile = root.resolve("troupe.pid");
    boolean alive =
        Files.exists(pidFile) && ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).isPresent();
    if (!alive) {
      System.out.println("No troupe runs on " + root + ".");
      return 1;
    }
    Path ready = root.resolve("ready");
    System.out.println(Files.exists(ready) ? Files.readString(ready).strip() : "Troupe on " + root + " is starting.");
    return 0;
  }
}
