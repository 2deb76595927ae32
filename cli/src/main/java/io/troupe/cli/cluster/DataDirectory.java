package io.troupe.cli.cluster;

import io.troupe.cli.StartFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The one folder that holds a cluster's state; locked while a process runs on it. */
public final class DataDirectory implements AutoCloseable {
  private final Path root;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path root, FileChannel channel, FileLock lock) {
    this.root = root;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens and locks the folder, making it when it is absent.
   *
   * @throws StartFailure when another process has it, or it cannot be written
   */
  public static DataDirectory open(Path root) throws StartFailure {
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new StartFailure(
            "the data directory " + root + " is in use by another troupe; stop it with `troupe down`, or choose another --data-dir");
      }
      return new DataDirectory(root, channel, lock);
    } catch (IOException e) {
      throw new StartFailure("the data directory " + root + " cannot be used: " + e, e);
    }
  }

  public Path root() {
    return root;
  }

  public Path child(String name) {
    return root.resolve(name);
  }

  public Path pidFile() {
    return root.resolve("troupe.pid");
  }

  /** Appears when the cluster is ready; holds what to tell the user. */
  public Path readyFile() {
    return root.resolve("ready");
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
