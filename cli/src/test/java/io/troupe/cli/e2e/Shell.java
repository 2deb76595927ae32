package io.troupe.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs as a user at a terminal would. */
final class Shell {
  private Shell() {}

  record Result(int code, String output) {
    String ok() {
      if (code != 0) {
        throw new AssertionError("exit code " + code + ": " + output);
      }
      return output.strip();
    }
  }

  static Result run(String input, List<String> command) {
    try {
      Path out = Files.createTempFile("troupe-it", ".out");
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end: " + command + ": " + Files.readString(out));
      }
      String output = Files.readString(out);
      Files.delete(out);
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new AssertionError(command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static Result run(String... command) {
    return run("", List.of(command));
  }

  static boolean has(String program) {
    return run("sh", "-c", "command -v " + program).code() == 0;
  }

  /** The {@code troupe} command of this build. */
  static List<String> troupe(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", Path.of("target", "dist", "lib").toAbsolutePath() + "/*", "io.troupe.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }
}
