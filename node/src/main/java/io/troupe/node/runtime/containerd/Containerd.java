package io.troupe.node.runtime.containerd;

import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running containerd. It is started in a session of its own, so that neither a signal to the
 * JVM's terminal nor the JVM's end reaches it, and it is adopted by the next JVM through its pid
 * file. When it dies while we watch, it is started again; containers live on with their shims.
 */
public final class Containerd implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Containerd.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int SOCKET_PATH_MAX = 100;

  private final Path dir;
  private final ContainerdSettings settings;
  private volatile ProcessHandle process;
  private volatile boolean watching = true;

  private Containerd(Path dir, ContainerdSettings settings) {
    this.dir = dir;
    this.settings = settings;
  }

  /**
   * Starts a containerd whose state is below the directory, or adopts the one that runs there, and
   * waits until it answers.
   *
   * @throws RuntimeFault with one line that says why it cannot run
   */
  public static Containerd start(Path dir, ContainerdSettings settings) {
    Path absolute = dir.toAbsolutePath();
    if (socket(absolute).toString().length() > SOCKET_PATH_MAX) {
      throw new RuntimeFault(
          "InvalidArgument",
          "the data directory's path is too long for a Unix socket: " + socket(absolute));
    }
    Containerd containerd = new Containerd(absolute, settings);
    containerd.adoptOrLaunch();
    return containerd;
  }

  static Path socket(Path dir) {
    return dir.resolve("containerd.sock");
  }

  /** Where CRI is served. */
  public Path socket() {
    return socket(dir);
  }

  public long pid() {
    return process.pid();
  }

  private Path pidFile() {
    return dir.resolve("containerd.pid");
  }

  private void adoptOrLaunch() {
    Optional<ProcessHandle> running = running();
    process = running.orElseGet(this::launch);
    LOG.info("containerd {} with pid {}", running.isPresent() ? "adopted" : "started", pid());
    awaitAnswer();
    process.onExit().thenRun(this::restart);
  }

  /** The process of the pid file, if it is alive and a containerd with our configuration. */
  private Optional<ProcessHandle> running() {
    try {
      long pid = Long.parseLong(Files.readString(pidFile()).strip());
      String command = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
      return command.contains(dir.resolve("config.toml").toString())
          ? ProcessHandle.of(pid)
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private ProcessHandle launch() {
    try {
      Files.createDirectories(dir);
      Files.createDirectories(settings.cniConfDir());
      Files.writeString(
          dir.resolve("config.toml"), ContainerdConfig.of(majorVersion(), dir, settings));
      var builder =
          new ProcessBuilder(
              "setsid", settings.binary(), "--config", dir.resolve("config.toml").toString());
      Path log = dir.resolve("containerd.log");
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      addToPath(builder);
      Process started = builder.start();
      Files.writeString(pidFile(), Long.toString(started.pid()));
      return started.toHandle();
    } catch (IOException e) {
      throw new RuntimeFault("Unavailable", "containerd cannot be started: " + e.getMessage());
    }
  }

  /** The shim is found through PATH, which must hold containerd's own directory. */
  private void addToPath(ProcessBuilder builder) {
    Path parent = Path.of(settings.binary()).getParent();
    if (parent != null) {
      builder.environment().merge("PATH", parent.toString(), (path, own) -> own + ":" + path);
    }
  }

  private int majorVersion() {
    String line = run(List.of(settings.binary(), "--version"));
    Matcher version = Pattern.compile(" v?(\\d+)\\.\\d+").matcher(line);
    if (!version.find()) {
      throw new RuntimeFault("Unavailable", "unknown version of containerd: " + line.strip());
    }
    return Integer.parseInt(version.group(1));
  }

  private void awaitAnswer() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    try (CriRuntime runtime = new CriRuntime(socket())) {
      while (!answers(runtime)) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new RuntimeFault(
              "Unavailable", "containerd does not answer; the end of its log: " + logTail());
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFault("Canceled", "interrupted while containerd started");
    }
  }

  private static boolean answers(CriRuntime runtime) {
    try {
      runtime.status();
      return true;
    } catch (RuntimeFault fault) {
      return false;
    }
  }

  private String logTail() {
    try {
      List<String> lines = Files.readAllLines(dir.resolve("containerd.log"));
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }

  private void restart() {
    if (!watching) {
      return;
    }
    LOG.warn("containerd ended; starting it again");
    try {
      TimeUnit.SECONDS.sleep(1);
      adoptOrLaunch();
    } catch (RuntimeFault fault) {
      LOG.error("containerd cannot be started again: {}", fault.description());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Loads an image archive (docker or OCI) for pods to use. */
  public void importImage(Path archive) {
    run(
        List.of(
            ctr(),
            "-a",
            socket().toString(),
            "-n",
            "k8s.io",
            "images",
            "import",
            archive.toString()));
  }

  /** Makes sure that the sandbox image is there. */
  public void ensurePauseImage() {
    try (CriRuntime runtime = new CriRuntime(socket())) {
      if (runtime.image(settings.sandboxImage()).isPresent()) {
        return;
      }
      Path archive = dir.resolve("pause.tar");
      Files.write(archive, PauseImage.archive(settings.sandboxImage()));
      importImage(archive);
      Files.delete(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String ctr() {
    Path parent = Path.of(settings.binary()).getParent();
    return parent == null ? "ctr" : parent.resolve("ctr").toString();
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new RuntimeFault("Unknown", command.getFirst() + " failed: " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new RuntimeFault("Unavailable", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFault("Canceled", "interrupted while " + command.getFirst() + " ran");
    }
  }

  /** Stops looking after containerd, which runs on. */
  @Override
  public void close() {
    watching = false;
  }

  /** Stops containerd itself; containers live on until they are stopped. */
  public void stop() {
    watching = false;
    process.destroy();
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
