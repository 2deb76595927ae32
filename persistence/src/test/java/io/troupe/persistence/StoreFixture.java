package io.troupe.persistence;

import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.journal.Database;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** One member with an open store, and short words for commands. */
final class StoreFixture implements AutoCloseable {
  static final GroupResource MAPS = new GroupResource("", "configmaps");

  final ActorSystem<Void> system;
  final Store store;

  StoreFixture(Database database, boolean soleWriter, MemberSettings member) throws Exception {
    system = ActorSystem.create(Behaviors.empty(), MemberSettings.SYSTEM, member.config());
    store = Store.open(system, StoreSettings.of(database, soleWriter), new CounterRules());
  }

  static StoreFixture alone(EmbeddedPostgres postgres) throws Exception {
    return new StoreFixture(database(postgres), true, MemberSettings.alone());
  }

  static Database database(EmbeddedPostgres postgres) {
    return new Database(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    store.close();
  }

  static ObjectKey key(String name) {
    return new ObjectKey(MAPS, "shop", name);
  }

  CompletionStage<Outcome> create(String name, String value) {
    return store.submit(key(name), new Command.CreateObject(request("create", false), map(value)));
  }

  CompletionStage<Outcome> replace(String name, byte[] body) {
    return store.submit(key(name), new Command.ReplaceObject(request("update", false), body));
  }

  CompletionStage<Outcome> patch(String name, String patch) {
    return store.submit(
        key(name),
        new Command.PatchObject(
            request("patch", false), PatchType.MERGE, Json.bytes(Json.parse(patch)), false));
  }

  CompletionStage<Outcome> delete(String name) {
    return store.submit(
        key(name), new Command.DeleteObject(request("delete", false), DeleteOptions.DEFAULT));
  }

  static byte[] map(String value) {
    return Json.bytes(
        Json.parse(
            "{\"data\":{\"value\":\""
                + value
                + "\"},\"metadata\":{\"labels\":{\"a\":\"b\"}},\"kind\":\"ConfigMap\","
                + "\"apiVersion\":\"v1\"}"));
  }

  static Request request(String verb, boolean dryRun) {
    return new Request(
        verb,
        "v1",
        "ConfigMap",
        "",
        new Request.User("jane", "", List.of("devs"), Map.of(), ""),
        "test/1",
        "r-1",
        "test",
        "Strict",
        dryRun,
        1_700_000_000_000L,
        UUID.randomUUID().toString());
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  static CachedObject done(CompletionStage<Outcome> stage) throws Exception {
    Outcome outcome = get(stage);
    if (outcome instanceof Outcome.Done done) {
      return done.object();
    }
    throw new AssertionError("not done: " + outcome);
  }

  static int refused(CompletionStage<Outcome> stage) throws Exception {
    return ((Outcome.Refused) get(stage)).refusal().code();
  }
}
