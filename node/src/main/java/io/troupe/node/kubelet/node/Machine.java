package io.troupe.node.kubelet.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine as it is.
 *
 * @param diskBytes size of the file system of the kubelet's directory
 */
public record Machine(
    int cpus,
    long memoryBytes,
    long diskBytes,
    String machineId,
    String systemUuid,
    String bootId,
    String kernelVersion,
    String osImage,
    String architecture) {

  static Machine read(Path dataDir) {
    try {
      FileStore disk = Files.getFileStore(existing(dataDir));
      return new Machine(
          Runtime.getRuntime().availableProcessors(),
          meminfo("MemTotal"),
          disk.getTotalSpace(),
          line("/etc/machine-id"),
          line("/sys/class/dmi/id/product_uuid"),
          line("/proc/sys/kernel/random/boot_id"),
          line("/proc/sys/kernel/osrelease"),
          prettyName(),
          System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path existing(Path path) {
    Path here = path.toAbsolutePath();
    while (!Files.exists(here)) {
      here = here.getParent();
    }
    return here;
  }

  /** A figure of /proc/meminfo in bytes. */
  static long meminfo(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  private static String line(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return ""; // not every machine has it, and not everybody may read it
    }
  }

  private static String prettyName() throws IOException {
    Path file = Path.of("/etc/os-release");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("PRETTY_NAME=")) {
          return line.substring(12).replace("\"", "");
        }
      }
    }
    return "Linux";
  }
}
