package io.troupe.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir Path directory;

  private Path open() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return directory.resolve("db");
  }

  private static String show(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void shouldKeepWhatWasWrittenAndStayDurable() throws Exception {
    Path place = open();
    try (var postgres = EmbeddedPostgres.start(place, TestPostgres.BINARIES, "127.0.0.1")) {
      assertThat(show(postgres, "show fsync")).isEqualTo("on");
      assertThat(show(postgres, "show synchronous_commit")).isEqualTo("on");
      try (Connection connection =
              DriverManager.getConnection(
                  postgres.jdbcUrl(), postgres.user(), postgres.password());
          Statement statement = connection.createStatement()) {
        statement.execute("create table t as select 'kept'");
      }
    }
    try (var postgres = EmbeddedPostgres.start(place, TestPostgres.BINARIES, "127.0.0.1")) {
      assertThat(show(postgres, "select * from t")).isEqualTo("kept");
    }
  }

  @Test
  void shouldRefuseADirectoryInUseAndAWrongPassword() throws Exception {
    Path place = open();
    try (var postgres = EmbeddedPostgres.start(place, TestPostgres.BINARIES, "127.0.0.1")) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(place, TestPostgres.BINARIES, "127.0.0.1"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
      assertThatThrownBy(
              () -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "wrong"))
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void shouldAdoptAServerThatIsStillRunning() throws Exception {
    Path place = open();
    var first = EmbeddedPostgres.start(place, TestPostgres.BINARIES, "127.0.0.1");
    long pid = first.pid();
    first.abandon();
    try (var second = EmbeddedPostgres.start(place, TestPostgres.BINARIES, "127.0.0.1")) {
      assertThat(second.pid()).isEqualTo(pid);
      assertThat(show(second, "select 1")).isEqualTo("1");
    }
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }
}
