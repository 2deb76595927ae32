package io.troupe.cli.command;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;

/** What holds when a flag is left out; the same rules as in the {@code troupe} script. */
final class Defaults {
  private Defaults() {}

  static Path dataDir(Path given) {
    if (given != null) {
      return given.toAbsolutePath();
    }
    String stated = System.getenv("TROUPE_DATA");
    if (stated != null && !stated.isEmpty()) {
      return Path.of(stated).toAbsolutePath();
    }
    if (isRoot()) {
      return Path.of("/var/lib/troupe");
    }
    String home = System.getenv("XDG_DATA_HOME");
    Path base = home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".local/share") : Path.of(home);
    return base.resolve("troupe");
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
