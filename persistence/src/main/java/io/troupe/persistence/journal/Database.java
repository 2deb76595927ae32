package io.troupe.persistence.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.flywaydb.core.Flyway;

/** How to reach the database, and its schema. */
public record Database(String url, String user, String password) {
  /** The newest migration in this build. */
  static final String SCHEMA_VERSION = "3";

  private Properties properties() {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "troupe");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "5");
    // A statement of the journal takes milliseconds; one that hangs this long has no server.
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("reWriteBatchedInserts", "true");
    return properties;
  }

  /** A connection of its own, in autocommit. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, properties());
  }

  HikariDataSource pool(int size) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setDataSourceProperties(properties());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1);
    config.setPoolName("journal");
    return new HikariDataSource(config);
  }

  /**
   * Brings the schema up to date.
   *
   * @throws SQLException when the database cannot be reached or refuses the password
   */
  public void migrate() throws SQLException {
    try (Connection connection = connect()) {
      if (isCurrent(connection)) {
        return;
      }
    }
    Flyway.configure()
        .dataSource(url, user, password)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  /** Spares the migration tool's start-up time when there is nothing for it to do. */
  private static boolean isCurrent(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT to_regclass('flyway_schema_history') IS NOT NULL")) {
        found.next();
        if (!found.getBoolean(1)) {
          return false;
        }
      }
      try (ResultSet found =
          statement.executeQuery(
              "SELECT count(*) FROM flyway_schema_history WHERE success AND version = '"
                  + SCHEMA_VERSION
                  + "'")) {
        found.next();
        return found.getInt(1) > 0;
      }
    }
  }
}
