package io.troupe.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot start says so in one line and leaves with 2. */
class StartFailureIT {
  @TempDir Path dir;

  private static List<String> complaint(Shell.Result result) {
    assertThat(result.code()).as(result.output()).isEqualTo(2);
    return result.output().lines().filter(l -> !l.isBlank()).toList();
  }

  private Shell.Result up(String... more) {
    String[] all = new String[more.length + 4];
    System.arraycopy(
        new String[] {"up", "--no-node", "--data-dir", dir.resolve("data").toString()},
        0,
        all,
        0,
        4);
    System.arraycopy(more, 0, all, 4, more.length);
    return Shell.run("", Shell.troupe(all));
  }

  private static String freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return Integer.toString(probe.getLocalPort());
    }
  }

  @Test
  void shouldSayThatThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(complaint(up("--port", port)))
          .singleElement()
          .asString()
          .contains("port " + port + " is taken")
          .contains("--port");
    }
  }

  @Test
  void shouldSayThatTheDataDirectoryIsInUse() throws IOException {
    Path data = Files.createDirectory(dir.resolve("data"));
    try (FileChannel channel =
            FileChannel.open(
                data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThat(complaint(up("--port", freePort())))
          .singleElement()
          .asString()
          .contains("is in use by another troupe");
    }
  }

  @Test
  void shouldSayThatTheDatabaseIsNotThere() throws IOException {
    Shell.Result refused =
        up(
            "--port",
            freePort(),
            "--database",
            "jdbc:postgresql://127.0.0.1:" + freePort() + "/troupe");
    assertThat(complaint(refused))
        .last()
        .asString()
        .startsWith("troupe: the database cannot be used: ");
    assertThat(refused.output()).doesNotContain("\tat ");
  }

  @Test
  void shouldShowTheUsageForAFlagThatDoesNotExist() {
    Shell.Result refused = up("--frobnicate");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.output())
        .startsWith("Unknown option: '--frobnicate'")
        .contains("Usage: troupe up");
  }
}
