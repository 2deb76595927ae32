package io.troupe.node.kubelet.volume;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks, and makes where asked, what a hostPath volume names. */
final class HostPaths {
  private static final int TYPE_BITS = 0170000;

  private HostPaths() {}

  static Path check(JsonNode source) throws IOException {
    Path path = Path.of(Json.text(source, "path"));
    switch (Json.text(source, "type")) {
      case "DirectoryOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createDirectories(path);
          Files.setAttribute(path, "unix:mode", 0755);
        }
        require(Files.isDirectory(path), path, "directory");
      }
      case "Directory" -> require(Files.isDirectory(path), path, "directory");
      case "FileOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createFile(path);
          Files.setAttribute(path, "unix:mode", 0644);
        }
        require(Files.isRegularFile(path), path, "file");
      }
      case "File" -> require(Files.isRegularFile(path), path, "file");
      case "Socket" -> require(isType(path, 0140000), path, "socket file");
      case "CharDevice" -> require(isType(path, 0020000), path, "character device");
      case "BlockDevice" -> require(isType(path, 0060000), path, "block device");
      default -> {
        if (!Files.exists(path)) {
          // As container runtimes do with a bind mount whose source is missing.
          Files.createDirectories(path);
        }
      }
    }
    return path;
  }

  private static boolean isType(Path path, int type) throws IOException {
    return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & TYPE_BITS) == type;
  }

  private static void require(boolean met, Path path, String what) {
    if (!met) {
      throw new MountProblem("hostPath type check failed: " + path + " is not a " + what);
    }
  }
}
