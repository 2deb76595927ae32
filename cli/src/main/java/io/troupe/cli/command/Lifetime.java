package io.troupe.cli.command;

import io.troupe.cli.cluster.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * The life of a process on a data directory: its pid file while it lives, its ready file while it
 * serves, and its parts, which end in reverse order when the process is asked to stop.
 */
final class Lifetime {
  private final DataDirectory data;
  private final List<AutoCloseable> parts = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  private Lifetime(DataDirectory data) {
    this.data = data;
  }

  static Lifetime begin(DataDirectory data) throws IOException {
    Lifetime lifetime = new Lifetime(data);
    Files.deleteIfExists(data.readyFile());
    Runtime.getRuntime().addShutdownHook(new Thread(lifetime::stop));
    Files.writeString(data.pidFile(), Long.toString(ProcessHandle.current().pid()));
    return lifetime;
  }

  void add(AutoCloseable part) {
    parts.add(part);
  }

  /** Tells the user, and whoever waits for the ready file, which appears whole. */
  void ready(String text) throws IOException {
    System.out.print(text);
    System.out.flush();
    Path temporary = data.child("ready.new");
    Files.writeString(temporary, text);
    Files.move(temporary, data.readyFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  void awaitEnd() throws InterruptedException {
    end.await();
  }

  private void stop() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("troupe: while stopping: " + e.getMessage());
      }
    }
    try {
      Files.deleteIfExists(data.readyFile());
      Files.deleteIfExists(data.pidFile());
    } catch (IOException e) {
      System.err.println("troupe: while stopping: " + e.getMessage());
    }
    end.countDown();
  }
}
