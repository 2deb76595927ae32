package io.troupe.node.kubelet.work;

import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a log away when it is too large and keeps a few old ones (10 MiB, 5 files, as upstream).
 */
final class LogRotation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final long BYTES_MAX = 10L << 20;
  private static final int FILES_MAX = 5;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final ContainerRuntime runtime;
  private final Clock clock;
  private final Thread thread;

  LogRotation(ContainerRuntime runtime, Clock clock) {
    this.runtime = runtime;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("log rotation").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        rotateAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void rotateAll() {
    try {
      for (Cri.Container container : runtime.containers("")) {
        if (container.getState() == Cri.ContainerState.CONTAINER_RUNNING) {
          rotate(container.getId());
        }
      }
    } catch (RuntimeFault | IOException e) {
      LOG.warn("logs not rotated: {}", e.toString());
    }
  }

  private void rotate(String id) throws IOException {
    String path = runtime.containerStatus(id).getLogPath();
    Path log = Path.of(path);
    if (path.isEmpty() || !Files.exists(log) || Files.size(log) < BYTES_MAX) {
      return;
    }
    Files.move(log, log.resolveSibling(log.getFileName() + "." + STAMP.format(clock.instant())));
    runtime.reopenLog(id);
    List<Path> old = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(log.getParent(), log.getFileName() + ".*")) {
      files.forEach(old::add);
    }
    Collections.sort(old);
    for (Path file : old.subList(0, Math.max(0, old.size() - (FILES_MAX - 1)))) {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
