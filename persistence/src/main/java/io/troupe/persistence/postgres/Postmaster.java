package io.troupe.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running server process, as its {@code postmaster.pid} tells: the process id on line 1, the port
 * on line 4, its state on line 8.
 */
record Postmaster(ProcessHandle process, int port, boolean ready) {

  /** The server of the data directory, if one is alive; a stale file counts as none. */
  static Optional<Postmaster> of(Path data) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(data.resolve("postmaster.pid"));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    if (lines.size() < 4) {
      return Optional.empty();
    }
    // A pid may have been used again by a stranger after a reboot: the command line tells.
    return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
        .filter(ProcessHandle::isAlive)
        .filter(handle -> serves(handle, data))
        .map(
            handle ->
                new Postmaster(
                    handle,
                    Integer.parseInt(lines.get(3).strip()),
                    lines.size() > 7 && lines.get(7).strip().equals("ready")));
  }

  private static boolean serves(ProcessHandle handle, Path data) {
    try {
      String line = Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
      return line.contains("postgres") && line.contains(data.toString());
    } catch (IOException gone) {
      return false;
    }
  }

  /** Fast shutdown: open transactions are rolled back, everything committed is flushed. */
  void stop() throws IOException, InterruptedException {
    signal("INT");
    if (!exited(30)) {
      // Immediate shutdown: the next start recovers from the write-ahead log.
      signal("QUIT");
      if (!exited(10)) {
        process.destroyForcibly();
      }
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  private boolean exited(int seconds) throws InterruptedException {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
