package io.troupe.persistence;

import static io.troupe.persistence.StoreFixture.MAPS;
import static io.troupe.persistence.StoreFixture.done;
import static io.troupe.persistence.StoreFixture.get;
import static io.troupe.persistence.StoreFixture.key;
import static io.troupe.persistence.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.History;
import io.troupe.persistence.store.Ledgers.Verdict;
import io.troupe.persistence.store.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's contract, with a real database and real actors. */
class StoreTest {
  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static StoreFixture fixture;

  @BeforeAll
  static void open() throws Exception {
    postgres = TestPostgres.start(directory);
    fixture = StoreFixture.alone(postgres);
  }

  @AfterAll
  static void close() throws Exception {
    fixture.close();
    postgres.close();
  }

  @Test
  void shouldCreateUpdatePatchAndDelete() throws Exception {
    CachedObject created = done(fixture.create("crud", "1"));
    assertThat(new String(created.json(), StandardCharsets.UTF_8))
        .startsWith(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"resourceVersion\":\""
                + created.revision()
                + "\"");
    assertThat(Json.parse(created.json())).isEqualTo(created.tree());
    assertThat(refused(fixture.create("crud", "1"))).isEqualTo(409);
    CachedObject replaced = done(fixture.replace("crud", created.json()));
    assertThat(replaced.revision()).isGreaterThan(created.revision());
    assertThat(refused(fixture.replace("crud", created.json()))).isEqualTo(409);
    CachedObject patched = done(fixture.patch("crud", "{\"data\":{\"value\":\"2\"}}"));
    assertThat(Json.text(patched.tree(), "data", "value")).isEqualTo("2");
    assertThat(fixture.store.cache().find(key("crud"))).isSameAs(patched);
    assertThat(done(fixture.patch("crud", "{}"))).isSameAs(patched);
    CachedObject removed = done(fixture.delete("crud"));
    assertThat(Meta.revision(removed.tree())).isEqualTo(removed.revision());
    assertThat(fixture.store.cache().find(key("crud"))).isNull();
    assertThat(refused(fixture.delete("crud"))).isEqualTo(404);
    assertThat(done(fixture.create("crud", "again")).revision()).isGreaterThan(removed.revision());
  }

  @Test
  void shouldDecideADryRunWithoutStoringIt() throws Exception {
    var command =
        new Command.CreateObject(StoreFixture.request("create", true), StoreFixture.map("x"));
    CachedObject preview = done(fixture.store.submit(key("dry"), command));
    assertThat(Json.text(preview.tree(), "data", "value")).isEqualTo("x");
    assertThat(Meta.revision(preview.tree())).isZero();
    assertThat(fixture.store.cache().find(key("dry"))).isNull();
  }

  @Test
  void shouldApplySixtyFourConcurrentPatchesOfOneObject() throws Exception {
    done(fixture.create("contended", "0"));
    List<CompletionStage<Outcome>> patches = new ArrayList<>();
    for (int i = 0; i < 64 * 10; i++) {
      patches.add(fixture.patch("contended", "{\"increment\":true}"));
    }
    long last = 0;
    for (CompletionStage<Outcome> patch : patches) {
      CachedObject object = done(patch);
      assertThat(object.revision()).isGreaterThan(last);
      last = object.revision();
    }
    ObjectNode now = fixture.store.cache().find(key("contended")).tree();
    assertThat(Json.number(now, 0, "data", "count")).isEqualTo(640);
  }

  @Test
  void shouldShowPastSnapshotsAndResumeWatchesFromAnyRevision() throws Exception {
    CachedObject first = done(fixture.create("past", "one"));
    CachedObject second = done(fixture.patch("past", "{\"data\":{\"value\":\"two\"}}"));
    CachedObject third = done(fixture.delete("past"));
    var cache = fixture.store.cache();
    assertThat(values(get(cache.snapshotAt(MAPS, "shop", first.revision())).objects()))
        .contains("one");
    assertThat(values(get(cache.snapshotAt(MAPS, "shop", second.revision())).objects()))
        .contains("two")
        .doesNotContain("one");
    assertThat(values(get(cache.snapshotAt(MAPS, "shop", third.revision())).objects()))
        .doesNotContain("one", "two");
    var seen = new LinkedBlockingQueue<CachedChange>();
    try (var watch =
        cache.watch(MAPS, "shop", first.revision() - 1, seen::addAll, progress -> {})) {
      assertThat(watch).isNotNull();
      assertThat(next(seen, "past").before()).isNull();
      CachedChange change = next(seen, "past");
      assertThat(change.before().revision()).isEqualTo(first.revision());
      assertThat(change.after().revision()).isEqualTo(second.revision());
      CachedChange gone = next(seen, "past");
      assertThat(gone.after()).isNull();
      assertThat(gone.last().revision()).isEqualTo(third.revision());
    }
  }

  private static CachedChange next(LinkedBlockingQueue<CachedChange> seen, String name)
      throws InterruptedException {
    while (true) {
      CachedChange change = seen.poll(10, TimeUnit.SECONDS);
      assertThat(change).isNotNull();
      CachedObject object = change.after() == null ? change.last() : change.after();
      if (object.key().name().equals(name)) {
        return change;
      }
    }
  }

  private static List<String> values(List<CachedObject> objects) {
    return objects.stream().map(object -> Json.text(object.tree(), "data", "value")).toList();
  }

  @Test
  void shouldTellTheHistoryOfAnObject() throws Exception {
    CachedObject first = done(fixture.create("told", "one"));
    CachedObject second = done(fixture.delete("told"));
    List<History.Entry> entries = new ArrayList<>();
    fixture
        .store
        .history()
        .entries(new History.Query(MAPS, "shop", "told", "jane", 0, 0, 0), entries::add);
    assertThat(entries).hasSize(2);
    assertThat(entries.get(0).verb()).isEqualTo("create");
    assertThat(entries.get(0).before()).isNull();
    assertThat(entries.get(0).after()).isEqualTo(first.json());
    assertThat(entries.get(1).before()).isEqualTo(first.json());
    assertThat(entries.get(1).after()).isNull();
    var history = fixture.store.history();
    assertThat(get(history.objectAt(key("told"), first.revision()))).isPresent();
    assertThat(get(history.objectAt(key("told"), second.revision()))).isEmpty();
    assertThat(history.revisionAt(System.currentTimeMillis())).isGreaterThan(0);
    assertThat(history.verify()).isEmpty();
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery("SELECT \"user\", verb FROM history WHERE name = 'told'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("jane");
    }
  }

  @Test
  void shouldGrantALedgersClaimsOnce() throws Exception {
    var ledgers = fixture.store.ledgers();
    ledgers.rule(
        "number",
        (claims, id, wanted, limits) -> new Verdict.Grant(Json.object().put("n", claims.size())));
    List<CompletableFuture<Verdict>> claims = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      claims.add(
          ledgers
              .claim("number", "one", "c" + i, Json.object(), Json.object())
              .toCompletableFuture());
    }
    List<Long> numbers = new ArrayList<>();
    for (CompletableFuture<Verdict> claim : claims) {
      numbers.add(Json.number(((Verdict.Grant) get(claim)).granted(), -1, "n"));
    }
    assertThat(numbers).doesNotHaveDuplicates();
    get(ledgers.release("number", "one", "c3"));
    assertThat(get(ledgers.claims("number", "one"))).hasSize(249).doesNotContainKey("c3");
  }
}
