package io.troupe.persistence;

import static io.troupe.persistence.StoreFixture.MAPS;
import static io.troupe.persistence.StoreFixture.done;
import static io.troupe.persistence.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the JVM while 64 clients write: nothing acknowledged is missing afterwards. */
class KilledTest {
  private static final int CLIENTS = 64;
  private static final int KILL_AFTER = 1500;

  @Test
  void shouldKeepEveryAcknowledgedWriteOfAKilledJvm(@TempDir Path directory) throws Exception {
    TestPostgres.start(directory).close();
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:+UseSerialGC",
                "-Xmx400m",
                Writer.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Map<String, Long> acknowledged = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        acknowledged.put(words[0], Long.parseLong(words[1]));
        if (acknowledged.size() == KILL_AFTER) {
          child.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(child.waitFor()).isEqualTo(128 + 9);
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILL_AFTER);
    // The server outlived the JVM: it is adopted.
    try (EmbeddedPostgres postgres = TestPostgres.start(directory);
        StoreFixture fixture = StoreFixture.alone(postgres)) {
      acknowledged.forEach(
          (name, revision) -> {
            CachedObject object = fixture.store.cache().find(key(name));
            assertThat(object).as(name).isNotNull();
            assertThat(object.revision()).isEqualTo(revision);
          });
      long last = fixture.store.cache().revision();
      assertThat(done(fixture.create("after", "1")).revision()).isGreaterThan(last);
      assertThat(done(fixture.patch("c0-0", "{\"increment\":true}")).revision())
          .isGreaterThan(last + 1);
      assertThat(fixture.store.history().verify()).isEmpty();
      resumesWithoutGapOrDouble(fixture, acknowledged);
    }
  }

  private static void resumesWithoutGapOrDouble(
      StoreFixture fixture, Map<String, Long> acknowledged) throws Exception {
    var seen = new ConcurrentLinkedQueue<CachedChange>();
    var complete = new CountDownLatch(1);
    long now = fixture.store.cache().revision();
    try (var watch =
        fixture
            .store
            .cache()
            .watch(
                MAPS,
                "",
                0,
                seen::addAll,
                progress -> {
                  if (progress >= now) {
                    complete.countDown();
                  }
                })) {
      assertThat(watch).isNotNull();
      complete.await();
    }
    List<Long> revisions = seen.stream().map(CachedChange::revision).toList();
    assertThat(revisions).isSorted().doesNotHaveDuplicates();
    Set<Long> missing = new HashSet<>(acknowledged.values());
    revisions.forEach(missing::remove);
    assertThat(missing).isEmpty();
  }

  /** The JVM that gets killed: prints each acknowledged creation. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedPostgres postgres = TestPostgres.start(Path.of(arguments[0]));
      StoreFixture fixture = StoreFixture.alone(postgres);
      PrintStream out = System.out;
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        Thread.startVirtualThread(
            () -> {
              for (int n = 0; ; n++) {
                String name = "c" + client + "-" + n;
                try {
                  CachedObject object = done(fixture.create(name, "x"));
                  out.println(name + " " + object.revision());
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            });
      }
      new CountDownLatch(1).await();
    }
  }
}
