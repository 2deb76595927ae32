package io.troupe.persistence;

import static io.troupe.persistence.StoreFixture.done;
import static io.troupe.persistence.StoreFixture.get;
import static io.troupe.persistence.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.object.Json;
import io.troupe.persistence.journal.Database;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Outcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the oldest of three members: its objects' actors move, nothing written is lost. */
@Tag("slow")
class MemberLostTest {
  private static final int OBJECTS = 60;

  @Test
  void shouldGoOnWithTwoOfThreeMembers(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres postgres = TestPostgres.start(directory)) {
      Process child = oldest(StoreFixture.database(postgres));
      try (var lines =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
        var joining =
            new MemberSettings(
                "127.0.0.1", 0, List.of(lines.readLine()), List.of(), Optional.empty());
        try (var two = new StoreFixture(StoreFixture.database(postgres), false, joining);
            var three = new StoreFixture(StoreFixture.database(postgres), false, joining)) {
          Await.until("three members", () -> members(two) == 3 && members(three) == 3);
          for (int i = 0; i < OBJECTS; i++) {
            done((i % 2 == 0 ? two : three).create("o" + i, "0"));
          }
          child.toHandle().destroyForcibly();
          Await.until("the dead is removed", () -> members(two) == 2 && members(three) == 2);
          List<CompletionStage<Outcome>> patches = new ArrayList<>();
          for (int i = 0; i < OBJECTS; i++) {
            patches.add((i % 2 == 0 ? three : two).patch("o" + i, "{\"increment\":true}"));
          }
          for (CompletionStage<Outcome> patch : patches) {
            done(patch);
          }
          get(two.store.cache().reached(get(two.store.latestRevision())));
          for (int i = 0; i < OBJECTS; i++) {
            CachedObject object = two.store.cache().find(key("o" + i));
            assertThat(Json.number(object.tree(), 0, "data", "count")).isEqualTo(1);
          }
        }
      } finally {
        child.destroyForcibly();
      }
    }
  }

  private static int members(StoreFixture fixture) {
    return Cluster.get(fixture.system).state().members().size();
  }

  private static Process oldest(Database database) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx300m",
            "--sun-misc-unsafe-memory-access=allow",
            Oldest.class.getName(),
            database.url(),
            database.user(),
            database.password())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The member that gets killed: prints its address. */
  static final class Oldest {
    private Oldest() {}

    public static void main(String[] arguments) throws Exception {
      var database = new Database(arguments[0], arguments[1], arguments[2]);
      var fixture = new StoreFixture(database, false, MemberSettings.alone());
      done(fixture.create("first", "x"));
      var address = Cluster.get(fixture.system).selfMember().address();
      System.out.println(address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow());
      new CountDownLatch(1).await();
    }
  }
}
