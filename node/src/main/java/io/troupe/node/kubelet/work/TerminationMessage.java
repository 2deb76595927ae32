package io.troupe.node.kubelet.work;

import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a container left in its termination message file, or, where its policy says so and it
 * failed, the end of its log.
 */
final class TerminationMessage {
  private static final int FILE_BYTES_MAX = 4096;
  private static final int LOG_BYTES_MAX = 2048;
  private static final int LOG_LINES_MAX = 80;

  private TerminationMessage() {}

  static String of(Cri.ContainerStatus status, Path logRoot) {
    Map<String, String> annotations = status.getAnnotationsMap();
    String path = annotations.getOrDefault(PodLabels.TERMINATION_MESSAGE_PATH, "");
    String left = "";
    for (Cri.Mount mount : status.getMountsList()) {
      if (!path.isEmpty() && mount.getContainerPath().equals(path)) {
        left = tail(Path.of(mount.getHostPath()), FILE_BYTES_MAX);
      }
    }
    boolean fallback =
        "FallbackToLogsOnError".equals(annotations.get(PodLabels.TERMINATION_MESSAGE_POLICY));
    if (left.isEmpty() && fallback && status.getExitCode() != 0) {
      left = logEnd(Path.of(status.getLogPath()), logRoot);
    }
    if (left.isEmpty()) {
      return status.getMessage();
    }
    return status.getMessage().isEmpty() ? left : left + ": " + status.getMessage();
  }

  private static String tail(Path file, int bytesMax) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      int size = (int) Math.min(bytesMax, in.length());
      in.seek(in.length() - size);
      byte[] bytes = new byte[size];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return Files.exists(file)
          ? "Error on reading termination log " + file + ": " + e.getMessage()
          : "";
    }
  }

  /** The texts of the last lines, without CRI's time, stream and tag. */
  private static String logEnd(Path log, Path logRoot) {
    if (!log.startsWith(logRoot)) {
      return "";
    }
    List<String> lines = tail(log, 4 * LOG_BYTES_MAX).lines().toList();
    StringBuilder text = new StringBuilder();
    for (String line : lines.subList(Math.max(0, lines.size() - LOG_LINES_MAX), lines.size())) {
      String[] parts = line.split(" ", 4);
      if (parts.length == 4) {
        text.append(parts[3]).append(parts[2].startsWith("F") ? "\n" : "");
      }
    }
    return text.substring(Math.max(0, text.length() - LOG_BYTES_MAX));
  }
}
