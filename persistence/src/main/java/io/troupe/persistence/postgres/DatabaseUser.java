package io.troupe.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whom PostgreSQL runs as. It refuses to run as root, so root gives way to an existing user without
 * rights.
 *
 * @param uid -1 when it is the JVM's own user
 */
record DatabaseUser(int uid, int gid) {
  private static final List<String> CANDIDATES = List.of("postgres", "nobody");

  static DatabaseUser choose() throws IOException {
    Object owner = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!owner.equals(0)) {
      return new DatabaseUser(-1, -1);
    }
    List<String> accounts = Files.readAllLines(Path.of("/etc/passwd"));
    for (String candidate : CANDIDATES) {
      for (String account : accounts) {
        String[] fields = account.split(":", -1);
        if (fields.length > 3 && fields[0].equals(candidate)) {
          return new DatabaseUser(Integer.parseInt(fields[2]), Integer.parseInt(fields[3]));
        }
      }
    }
    throw new IOException("PostgreSQL cannot run as root, and there is no user called nobody");
  }

  boolean isSelf() {
    return uid < 0;
  }

  /** The command as this user's. */
  List<String> command(List<String> command) {
    if (isSelf()) {
      return command;
    }
    List<String> all =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"));
    all.addAll(command);
    return all;
  }

  /** Gives a directory and all that is in it to this user. */
  void own(Path root) throws IOException {
    if (isSelf()) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setAttribute(file, "unix:uid", uid);
        Files.setAttribute(file, "unix:gid", gid);
      }
    }
  }

  /** Fails with a sentence for people when this user could not reach the directory. */
  void requireReachable(Path directory) throws IOException {
    if (isSelf()) {
      return;
    }
    for (Path parent = directory.toRealPath(); parent != null; parent = parent.getParent()) {
      if (!Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new IOException(
            "PostgreSQL runs as an unprivileged user, which may not enter "
                + parent
                + "; choose a data directory elsewhere, for example under /var/lib");
      }
    }
  }
}
