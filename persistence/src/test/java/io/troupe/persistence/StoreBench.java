package io.troupe.persistence;

import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import io.troupe.persistence.store.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What a write costs in the store, in CPU of this JVM and of PostgreSQL. Run by hand: {@code
 * StoreBench <directory> [operations] [in flight]}.
 */
final class StoreBench {
  private static final String VALUE = "v".repeat(1200);

  private final EmbeddedPostgres postgres;
  private final PrintStream out = System.out;
  private final int inFlight;

  private StoreBench(EmbeddedPostgres postgres, int inFlight) {
    this.postgres = postgres;
    this.inFlight = inFlight;
  }

  public static void main(String[] arguments) throws Exception {
    int operations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
    int inFlight = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 64;
    long started = System.nanoTime();
    try (EmbeddedPostgres postgres = TestPostgres.start(Path.of(arguments[0]))) {
      var bench = new StoreBench(postgres, inFlight);
      bench.out.printf("database ready after %d ms%n", (System.nanoTime() - started) / 1_000_000);
      try (StoreFixture fixture = StoreFixture.alone(postgres)) {
        bench.out.printf("store open after %d ms%n", (System.nanoTime() - started) / 1_000_000);
        StoreFixture.done(fixture.create("first-" + started, "x"));
        bench.out.printf("first write after %d ms%n", (System.nanoTime() - started) / 1_000_000);
        for (int round = 0; round < 4; round++) {
          String prefix = "r" + round + "-" + started + "-";
          bench.run("create", operations, i -> fixture.create(prefix + i, VALUE));
          bench.run(
              "patch", operations, i -> fixture.patch(prefix + i % 5000, "{\"increment\":true}"));
          bench.run(
              "one object",
              operations / 10,
              i -> fixture.patch(prefix + 1, "{\"increment\":true}"));
        }
      }
    }
  }

  private void run(String what, int operations, IntFunction<CompletionStage<Outcome>> start)
      throws Exception {
    long jvm = processCpu();
    long database = databaseCpuMillis();
    long begin = System.nanoTime();
    var permits = new Semaphore(inFlight);
    var failed = new AtomicInteger();
    for (int i = 0; i < operations; i++) {
      permits.acquire();
      start
          .apply(i)
          .whenComplete(
              (outcome, failure) -> {
                if (!(outcome instanceof Outcome.Done)) {
                  failed.incrementAndGet();
                }
                permits.release();
              });
    }
    permits.acquire(inFlight);
    double seconds = (System.nanoTime() - begin) / 1e9;
    double jvmMicros = (processCpu() - jvm) / 1e3 / operations;
    double databaseMicros = (databaseCpuMillis() - database) * 1e3 / operations;
    out.printf(
        "%-10s %7.0f/s  jvm %6.1f us  postgres %6.1f us  failed %d%n",
        what, operations / seconds, jvmMicros, databaseMicros, failed.get());
  }

  private static long processCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** CPU of the postmaster and its children; a tick is 10 ms. */
  private long databaseCpuMillis() throws IOException {
    long ticks = 0;
    try (Stream<ProcessHandle> all =
        Stream.concat(
            ProcessHandle.of(postgres.pid()).stream(),
            ProcessHandle.of(postgres.pid()).orElseThrow().children())) {
      for (ProcessHandle process : all.toList()) {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      }
    }
    return ticks * 10;
  }
}
