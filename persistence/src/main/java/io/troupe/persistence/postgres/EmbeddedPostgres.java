package io.troupe.persistence.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server in a directory of its own.
 *
 * <p>The directory is locked while this object is open, so its holder is the only one that starts,
 * stops or (unless it hands out the password) writes to this database.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final String USER = "troupe";
  private static final int START_SECONDS_MAX = 120;
  private static final int SCRAM_ITERATIONS = 64;

  /** Small memory, few connections, everything durable (fsync, synchronous_commit stay on). */
  private static final List<String> SETTINGS =
      List.of(
          "shared_buffers=64MB",
          "max_connections=60",
          "work_mem=8MB",
          "maintenance_work_mem=32MB",
          "wal_buffers=4MB",
          "max_wal_size=1GB",
          "min_wal_size=128MB",
          "checkpoint_timeout=15min",
          "max_wal_senders=0",
          "max_worker_processes=1",
          "max_parallel_workers_per_gather=0",
          "autovacuum_max_workers=1",
          "io_method=sync",
          "jit=off",
          "huge_pages=off",
          "unix_socket_directories=",
          "password_encryption=scram-sha-256",
          "log_timezone=UTC",
          "timezone=UTC");

  private final Path directory;
  private final FileChannel lockFile;
  private final String password;
  private final String host;
  private Postmaster server;

  private EmbeddedPostgres(
      Path directory, FileChannel lockFile, String password, String host, Postmaster server) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.password = password;
    this.host = host;
    this.server = server;
  }

  /** Starts on loopback. */
  public static EmbeddedPostgres start(Path directory) throws IOException {
    return start(directory, directory.resolve("bin"), "127.0.0.1");
  }

  /**
   * Starts, or adopts a server that a killed JVM left running.
   *
   * @param directory of this database
   * @param binaries where the programs are unpacked, possibly shared by many databases
   * @param host the one address to listen on
   * @throws IOException with one sentence for people
   */
  public static EmbeddedPostgres start(Path directory, Path binaries, String host)
      throws IOException {
    Path root = directory.toAbsolutePath().normalize();
    Files.createDirectories(root);
    FileChannel lockFile = lock(root);
    try {
      DatabaseUser user = DatabaseUser.choose();
      user.requireReachable(root);
      Path programs = PostgresBinaries.unpack(binaries.toAbsolutePath().normalize());
      user.requireReachable(programs);
      String password = password(root);
      var start = new Start(root, programs.resolve("bin"), user, host);
      start.initialise(password);
      return new EmbeddedPostgres(root, lockFile, password, host, start.run());
    } catch (InterruptedException e) {
      lockFile.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL started", e);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + server.port() + "/postgres";
  }

  public String user() {
    return USER;
  }

  public String password() {
    return password;
  }

  public int port() {
    return server.port();
  }

  /** The server's process id. */
  public long pid() {
    return server.process().pid();
  }

  /** Stops the server, keeping the lock; for tests and maintenance. */
  public void stop() throws IOException {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts the server again after {@link #stop()}, on the same port. */
  public void restart(Path binaries) throws IOException {
    try {
      Path programs = binaries.toAbsolutePath().normalize().resolve("bin");
      server = new Start(directory, programs, DatabaseUser.choose(), host).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of the directory as a killed JVM would: the server goes on. For tests. */
  void abandon() throws IOException {
    lockFile.close();
  }

  @Override
  public void close() throws IOException {
    try (lockFile) {
      stop();
    }
  }

  @SuppressWarnings("resource") // the lock lives as long as its channel
  private static FileChannel lock(Path root) throws IOException {
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException own) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("data directory " + root + " is in use by another process");
    }
    return channel;
  }

  private static String password(Path root) throws IOException {
    Path file = root.resolve("password");
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(random));
    }
    return Files.readString(file).strip();
  }

  /** The steps from a directory to a ready server. */
  private record Start(Path root, Path programs, DatabaseUser user, String host) {

    Path data() {
      return root.resolve("data");
    }

    void initialise(String password) throws IOException, InterruptedException {
      Path marker = root.resolve("initialised");
      if (Files.exists(marker)) {
        return;
      }
      deleteTree(data());
      Files.createDirectory(
          data(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path secret = Files.createTempFile(root, "initdb", ".tmp");
      Files.writeString(secret, password);
      user.own(data());
      user.own(secret);
      run(
          List.of(
              programs.resolve("initdb").toString(),
              "--pgdata=" + data(),
              "--username=" + USER,
              "--pwfile=" + secret,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              // Stretching is for passwords that people choose; ours has 192 random bits.
              "--set=scram_iterations=" + SCRAM_ITERATIONS,
              "--no-sync",
              "--no-instructions"));
      Files.delete(secret);
      // Only listen_addresses says who can reach the server; a password is always asked for.
      Files.writeString(data().resolve("pg_hba.conf"), "host all all 0.0.0.0/0 scram-sha-256\n");
      new ProcessBuilder("sync", "-f", data().toString()).start().waitFor();
      Files.writeString(marker, "");
    }

    Postmaster run() throws IOException, InterruptedException {
      Optional<Postmaster> left = Postmaster.of(data());
      Process starter = left.isPresent() ? null : launch();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
      while (System.nanoTime() < deadline) {
        Optional<Postmaster> now = Postmaster.of(data()).filter(Postmaster::ready);
        if (now.isPresent()) {
          return now.get();
        }
        if (starter != null && !starter.isAlive()) {
          throw new IOException("PostgreSQL did not start: " + lastLogLine());
        }
        Thread.sleep(5);
      }
      throw new IOException("PostgreSQL was not ready in time; see " + log());
    }

    private Process launch() throws IOException {
      List<String> command = new ArrayList<>();
      command.add(programs.resolve("postgres").toString());
      command.addAll(List.of("-D", data().toString(), "-p", Integer.toString(freePort())));
      command.addAll(List.of("-c", "listen_addresses=" + host));
      SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
      // A session of its own, so that Ctrl-C on the JVM's terminal does not stop the database
      // first.
      List<String> detached = new ArrayList<>(List.of("setsid"));
      detached.addAll(user.command(command));
      return new ProcessBuilder(detached)
          .directory(root.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    }

    /** The port of the last time when it is free, so that clients with the old address go on. */
    private int freePort() throws IOException {
      Path file = root.resolve("port");
      InetAddress address = InetAddress.getByName(host);
      if (Files.exists(file)) {
        int last = Integer.parseInt(Files.readString(file).strip());
        try (ServerSocket probe = new ServerSocket(last, 1, address)) {
          return probe.getLocalPort();
        } catch (IOException taken) {
          // Another program has it now: take a new one.
        }
      }
      try (ServerSocket probe = new ServerSocket(0, 1, address)) {
        Files.writeString(file, Integer.toString(probe.getLocalPort()));
        return probe.getLocalPort();
      }
    }

    private void run(List<String> command) throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder(user.command(command))
              .directory(root.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log().toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("PostgreSQL's initdb failed: " + lastLogLine());
      }
    }

    private Path log() {
      return root.resolve("log");
    }

    private String lastLogLine() throws IOException {
      List<String> lines = Files.readAllLines(log());
      return lines.isEmpty() ? "it wrote no log" : lines.getLast();
    }

    private static void deleteTree(Path tree) throws IOException {
      if (Files.exists(tree)) {
        try (Stream<Path> files = Files.walk(tree)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }
}
