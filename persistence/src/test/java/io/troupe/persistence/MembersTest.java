package io.troupe.persistence;

import static io.troupe.persistence.StoreFixture.MAPS;
import static io.troupe.persistence.StoreFixture.done;
import static io.troupe.persistence.StoreFixture.get;
import static io.troupe.persistence.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.object.Json;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.postgres.TestPostgres;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Ledgers.Verdict;
import io.troupe.persistence.store.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members over one database. */
class MembersTest {
  @Test
  void shouldServeOneClusterFromTwoMembers(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres postgres = TestPostgres.start(directory);
        StoreFixture one =
            new StoreFixture(StoreFixture.database(postgres), false, MemberSettings.alone())) {
      String seed =
          Cluster.get(one.system).selfMember().address().getHost().get()
              + ":"
              + Cluster.get(one.system).selfMember().address().getPort().get();
      var joining = new MemberSettings("127.0.0.1", 0, List.of(seed), List.of(), Optional.empty());
      try (StoreFixture two = new StoreFixture(StoreFixture.database(postgres), false, joining)) {
        Await.until("two members", () -> Cluster.get(two.system).state().members().size() == 2);
        List<CompletionStage<Outcome>> patches = new ArrayList<>();
        done(one.create("shared", "0"));
        for (int i = 0; i < 100; i++) {
          patches.add((i % 2 == 0 ? one : two).patch("shared", "{\"increment\":true}"));
          patches.add((i % 2 == 0 ? two : one).create("m" + i, "v"));
        }
        for (CompletionStage<Outcome> patch : patches) {
          done(patch);
        }
        for (StoreFixture member : List.of(one, two)) {
          // A linearizable read: learn the latest revision, wait for the cache.
          get(member.store.cache().reached(get(member.store.latestRevision())));
          CachedObject shared = member.store.cache().find(key("shared"));
          assertThat(Json.number(shared.tree(), 0, "data", "count")).isEqualTo(100);
          assertThat(member.store.cache().snapshot(MAPS, "shop").objects()).hasSize(101);
          member
              .store
              .ledgers()
              .rule(
                  "n",
                  (claims, id, wanted, limits) ->
                      new Verdict.Grant(Json.object().put("n", claims.size())));
        }
        for (int i = 0; i < 20; i++) {
          get(
              (i % 2 == 0 ? one : two)
                  .store
                  .ledgers()
                  .claim("n", "l" + i % 4, "c" + i, Json.object(), Json.object()));
        }
        assertThat(get(two.store.ledgers().claims("n", "l1"))).hasSize(5);
      }
    }
  }
}
