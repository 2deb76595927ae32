package io.troupe.persistence;

import static io.troupe.persistence.StoreFixture.done;
import static io.troupe.persistence.StoreFixture.get;
import static io.troupe.persistence.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.object.Json;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes away under load: reads go on, writes get 503, all recovers by itself. */
class OutageTest {
  private static final int CLIENTS = 32;

  @Test
  void shouldRefuseWritesWithoutADatabaseAndRecoverByItself(@TempDir Path directory)
      throws Exception {
    try (EmbeddedPostgres postgres = TestPostgres.start(directory);
        StoreFixture fixture = StoreFixture.alone(postgres)) {
      for (int i = 0; i < CLIENTS; i++) {
        done(fixture.create("o" + i, "0"));
      }
      var stop = new AtomicBoolean();
      var acknowledged = new AtomicInteger();
      var unavailable = new AtomicInteger();
      var unknown = new AtomicInteger();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String name = "o" + i;
        clients.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!stop.get()) {
                    count(fixture, name, acknowledged, unavailable, unknown);
                  }
                },
                Thread::startVirtualThread));
      }
      Await.until("some writes", () -> acknowledged.get() > 500);
      postgres.stop();
      Await.until("refusals", () -> unavailable.get() > 200);
      assertThat(fixture.store.isWritable()).isFalse();
      CachedObject still = fixture.store.cache().find(key("o0"));
      assertThat(get(fixture.store.cache().reached(still.revision())))
          .isGreaterThanOrEqualTo(still.revision());
      postgres.restart(TestPostgres.BINARIES);
      int before = acknowledged.get();
      Await.until("writes again", () -> acknowledged.get() > before + 500);
      stop.set(true);
      CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
      long counted = 0;
      for (int i = 0; i < CLIENTS; i++) {
        CachedObject object = fixture.store.cache().find(key("o" + i));
        counted += Json.number(object.tree(), 0, "data", "count");
      }
      // An unknown outcome may have been written or not; an acknowledged one must have been.
      assertThat(counted)
          .isBetween((long) acknowledged.get(), (long) acknowledged.get() + unknown.get());
      assertThat(fixture.store.history().verify()).isEmpty();
    }
  }

  private static void count(
      StoreFixture fixture,
      String name,
      AtomicInteger acknowledged,
      AtomicInteger unavailable,
      AtomicInteger unknown) {
    try {
      switch (get(fixture.patch(name, "{\"increment\":true}"))) {
        case Outcome.Done done -> acknowledged.incrementAndGet();
        case Outcome.Refused refused -> {
          assertThat(refused.refusal().code()).isEqualTo(503);
          unavailable.incrementAndGet();
          java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
      }
    } catch (Exception e) {
      unknown.incrementAndGet();
    }
  }
}
