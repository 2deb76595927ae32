package io.troupe.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Databases for tests: the programs are unpacked once per build directory. */
public final class TestPostgres {
  public static final Path BINARIES = Path.of("target", "postgres").toAbsolutePath();

  private TestPostgres() {}

  public static EmbeddedPostgres start(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return EmbeddedPostgres.start(directory.resolve("db"), BINARIES, "127.0.0.1");
  }
}
