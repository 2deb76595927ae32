package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.cluster.ZoneNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code troupe down}: stops the process that runs on a data directory; containers go on unless they are asked to end. */
@Command(name = "down", description = "Stop the cluster of a data directory.", mixinStandardHelpOptions = true)
public final class Down implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 60;

  @Option(names = "--data-dir", description = "Where the cluster's state is kept.")
  private Path dataDir;

  @Option(names = "--pods", description = "End the node's pods and its containerd too.")
  private boolean pods;

  @Override
  public Integer call() throws IOException, InterruptedException, StartFailure {
    Path root = Defaults.dataDir(dataDir);
    Path pidFile = root.resolve("troupe.pid");
    var process = Files.exists(pidFile) ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())) : java.util.Optional.<ProcessHandle>empty();
    if (process.isEmpty()) {
      System.out.println("No troupe runs on " + root + ".");
    } else {
      process.get().destroy();
      try {
        process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        System.err.println("troupe: process " + process.get().pid() + " does not end; look at its log in " + root.resolve("log"));
        return 1;
      } catch (ExecutionException e) {
        throw new IOException(e);
      }
      System.out.println("Troupe on " + root + " is down.");
    }
    if (pods) {
      PodEnd.end(root);
      int zones = ZoneNetwork.zonesOf(root);
      for (int i = 0; i < zones; i++) {
        PodEnd.end(root.resolve("zones").resolve(ZoneNetwork.zone(i)));
      }
      if (zones > 0) {
        ZoneNetwork.of(root, zones).down();
      }
    }
    return 0;
  }
}
