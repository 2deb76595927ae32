package io.troupe.control.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.apiserver.Caller.Answer;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over real HTTPS, on a real store. */
final class ApiServerTest {
  private static final String DEFAULT = "/api/v1/namespaces/default";
  private static final String MERGE = "application/merge-patch+json";

  @TempDir static Path folder;
  private static TestApi api;
  private static Caller admin;
  private static Caller anonymous;

  @BeforeAll
  static void start() throws Exception {
    api = TestApi.start(folder);
    admin = Caller.of(api, api.certificate("admin", Subject.client("jane", "system:masters")));
    anonymous = Caller.anonymous(api);
  }

  @AfterAll
  static void stop() throws Exception {
    if (api != null) {
      api.close();
    }
  }

  private static String namespace() {
    String name = "t" + Integer.toUnsignedString(new Random().nextInt(), 36);
    Answer made =
        admin.post(
            "/api/v1/namespaces",
            "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\""
                + name
                + "\"}}");
    assertThat(made.code()).isEqualTo(201);
    return "/api/v1/namespaces/" + name;
  }

  private static String map(String name, String label) {
    return ("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\","
            + "\"labels\":{\"l\":\"%s\"}},\"data\":{\"k\":\"v\"}}")
        .formatted(name, label);
  }

  private static List<String> names(Answer list) {
    List<String> names = new ArrayList<>();
    Json.items(list.json(), "items").forEach(item -> names.add(Meta.name(item)));
    return names;
  }

  @Test
  void shouldCreateReadUpdatePatchAndDelete() {
    String ns = namespace();
    Answer made = admin.post(ns + "/configmaps", map("a", "x"));
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.response().version()).hasToString("HTTP_2");
    Answer read = admin.get(ns + "/configmaps/a");
    assertThat(read.json()).isEqualTo(made.json());
    assertThat(admin.post(ns + "/configmaps", map("a", "x")).message())
        .isEqualTo("configmaps \"a\" already exists");
    Answer patched = admin.patch(ns + "/configmaps/a", MERGE, "{\"data\":{\"k\":\"w\"}}");
    assertThat(Json.text(patched.json(), "data", "k")).isEqualTo("w");
    assertThat(Meta.revision(patched.json())).isGreaterThan(Meta.revision(made.json()));
    Answer stale = admin.put(ns + "/configmaps/a", made.body());
    assertThat(stale.code()).isEqualTo(409);
    assertThat(stale.message()).contains("the object has been modified");
    Answer deleted = admin.delete(ns + "/configmaps/a");
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(Json.text(deleted.json(), "status")).isEqualTo("Success");
    assertThat(admin.get(ns + "/configmaps/a").message()).isEqualTo("configmaps \"a\" not found");
  }

  @Test
  void shouldGenerateNames() {
    String ns = namespace();
    String body =
        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"generateName\":\"g-\"}}";
    Answer made = admin.post(ns + "/configmaps", body);
    assertThat(Meta.name(made.json())).matches("g-[a-z0-9]{5}");
    Answer nameless = admin.post(ns + "/configmaps", "{\"metadata\":{}}");
    assertThat(nameless.code()).isEqualTo(422);
    assertThat(nameless.message())
        .contains("metadata.name: Required value: name or generateName is required");
  }

  @Test
  void shouldGiveServicesAnAddress() {
    String ns = namespace();
    Answer made =
        admin.post(
            ns + "/services",
            "{\"metadata\":{\"generateName\":\"s-\"},\"spec\":{\"ports\":[{\"port\":80}]}}");
    assertThat(made.code()).as(made.body()).isEqualTo(201);
    assertThat(Json.text(made.json(), "spec", "clusterIP")).startsWith("10.96.");
  }

  @Test
  void shouldPageAListAtOneRevision() {
    String ns = namespace();
    for (String name : List.of("a", "b", "c", "d", "e")) {
      admin.post(ns + "/configmaps", map(name, "x"));
    }
    Answer first = admin.get(ns + "/configmaps?limit=2");
    assertThat(names(first)).containsExactly("a", "b");
    assertThat(Json.number(first.json(), 0, "metadata", "remainingItemCount")).isEqualTo(3);
    admin.delete(ns + "/configmaps/c");
    admin.post(ns + "/configmaps", map("bb", "x"));
    String token = Json.text(first.json(), "metadata", "continue");
    Answer rest = admin.get(ns + "/configmaps?limit=10&continue=" + token);
    assertThat(names(rest)).containsExactly("c", "d", "e");
    assertThat(Json.text(rest.json(), "metadata", "resourceVersion"))
        .isEqualTo(Json.text(first.json(), "metadata", "resourceVersion"));
    assertThat(names(admin.get(ns + "/configmaps"))).containsExactly("a", "b", "bb", "d", "e");
  }

  @Test
  void shouldListItemsWithoutTheirTypeAndAnExactLength() {
    String ns = namespace();
    admin.post(ns + "/configmaps", map("a", "x"));
    Answer list = admin.get(ns + "/configmaps");
    JsonNode item = list.json().path("items").path(0);
    assertThat(item.has("kind")).isFalse();
    assertThat(item.has("metadata")).isTrue();
    assertThat(Json.text(list.json(), "kind")).isEqualTo("ConfigMapList");
    assertThat(list.response().headers().firstValueAsLong("content-length"))
        .hasValue(list.response().body().length);
  }

  @Test
  void shouldStreamAListOfManyChunks() {
    String ns = namespace();
    String padding = "x".repeat(60_000);
    for (int i = 0; i < 20; i++) {
      String body =
          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m%02d\"},\"data\":{\"k\":\"%s\"}}"
              .formatted(i, padding);
      assertThat(admin.post(ns + "/configmaps", body).code()).isEqualTo(201);
    }
    assertThat(names(admin.get(ns + "/configmaps"))).hasSize(20).contains("m00", "m19");
  }

  @Test
  void shouldSelectByLabelAndField() {
    String ns = namespace();
    admin.post(ns + "/configmaps", map("a", "x"));
    admin.post(ns + "/configmaps", map("b", "y"));
    assertThat(names(admin.get(ns + "/configmaps?labelSelector=l%3Dy"))).containsExactly("b");
    assertThat(names(admin.get(ns + "/configmaps?fieldSelector=metadata.name%3Da")))
        .containsExactly("a");
    assertThat(admin.get(ns + "/configmaps?fieldSelector=data.k%3Dv").code()).isEqualTo(400);
  }

  @Test
  void shouldWatchFromARevisionAndTurnSelectedChangesIntoAdditionsAndDeletions() {
    String ns = namespace();
    Answer made = admin.post(ns + "/configmaps", map("a", "x"));
    long from = Meta.revision(made.json());
    admin.patch(ns + "/configmaps/a", MERGE, "{\"metadata\":{\"labels\":{\"l\":\"y\"}}}");
    admin.patch(ns + "/configmaps/a", MERGE, "{\"data\":{\"k\":\"2\"}}");
    admin.patch(ns + "/configmaps/a", MERGE, "{\"metadata\":{\"labels\":{\"l\":\"z\"}}}");
    try (Stream<String> lines =
        admin.watch(ns + "/configmaps?watch=1&labelSelector=l%3Dy&resourceVersion=" + from)) {
      Iterator<String> events = lines.iterator();
      List<String> types = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        types.add(Json.text(Json.parse(events.next()), "type"));
      }
      assertThat(types).containsExactly("ADDED", "MODIFIED", "DELETED");
    }
  }

  @Test
  void shouldBeginAWatchWithWhatIsThereAndMarkTheEndOfIt() {
    String ns = namespace();
    admin.post(ns + "/configmaps", map("a", "x"));
    String query =
        "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    try (Stream<String> lines = admin.watch(ns + "/configmaps" + query)) {
      Iterator<String> events = lines.iterator();
      assertThat(Json.text(Json.parse(events.next()), "object", "metadata", "name")).isEqualTo("a");
      var mark = Json.parse(events.next());
      assertThat(Json.text(mark, "type")).isEqualTo("BOOKMARK");
      assertThat(Json.text(mark, "object", "metadata", "annotations", "k8s.io/initial-events-end"))
          .isEqualTo("true");
      admin.post(ns + "/configmaps", map("b", "x"));
      assertThat(Json.text(Json.parse(events.next()), "type")).isEqualTo("ADDED");
    }
  }

  @Test
  void shouldReadThePast() {
    String ns = namespace();
    Answer made = admin.post(ns + "/configmaps", map("a", "x"));
    String then = Json.text(made.json(), "metadata", "resourceVersion");
    admin.patch(ns + "/configmaps/a", MERGE, "{\"data\":{\"k\":\"later\"}}");
    admin.post(ns + "/configmaps", map("b", "x"));
    Answer past = admin.get("/at/" + then + ns + "/configmaps/a");
    assertThat(past.json()).isEqualTo(made.json());
    assertThat(names(admin.get("/at/" + then + ns + "/configmaps"))).containsExactly("a");
    assertThat(anonymous.get("/at/" + then + ns + "/configmaps/a").code()).isEqualTo(403);
    assertThat(admin.delete("/at/" + then + ns + "/configmaps/a").code()).isEqualTo(400);
  }

  @Test
  void shouldSpeakProtobufAndYaml() {
    String ns = namespace();
    Answer made =
        admin.post(
            ns + "/configmaps",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n",
            "Content-Type",
            "application/yaml");
    assertThat(made.code()).isEqualTo(201);
    assertThat(admin.get(ns + "/configmaps/a", "Accept", "application/yaml").body())
        .contains("kind: ConfigMap");
    var read = admin.get(ns + "/configmaps/a", "Accept", "application/vnd.kubernetes.protobuf");
    byte[] bytes = read.response().body();
    assertThat(new String(bytes, 0, 3, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("k8s");
    var codec = new io.troupe.api.codec.Protobuf(new FactKinds()::body);
    assertThat(Json.text(codec.decode(bytes, "", ""), "data", "k")).isEqualTo("v");
  }

  @Test
  void shouldShowTables() {
    String table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    Answer answer = admin.get("/api/v1/namespaces", "Accept", table);
    assertThat(Json.text(answer.json(), "kind")).isEqualTo("Table");
    assertThat(Json.text(answer.json().path("columnDefinitions").path(0), "name"))
        .isEqualTo("Name");
  }

  @Test
  void shouldRefuseBadBodiesAndGoOn() {
    String ns = namespace();
    String maps = ns + "/configmaps";
    assertThat(admin.post(maps, "{\"metadata\":{\"na").code()).isEqualTo(400);
    assertThat(admin.post(maps, "[".repeat(20_000)).code()).isEqualTo(400);
    String deep = "{\"metadata\":{\"name\":\"d\"},\"data\":" + "{\"a\":".repeat(10_000);
    assertThat(admin.post(maps, deep).code()).isEqualTo(400);
    assertThat(admin.post(maps, "{\"x\":\"" + "y".repeat(10 << 20) + "\"}").code()).isEqualTo(413);
    assertThat(admin.post(maps, map("a", "x"), "Content-Type", "text/csv").code()).isEqualTo(415);
    assertThat(admin.patch(maps + "/a", "text/csv", "{}").code()).isEqualTo(415);
    assertThat(admin.get(maps, "Accept", "image/png").code()).isEqualTo(406);
    assertThat(admin.get(maps + "?limit=x").code()).isEqualTo(400);
    assertThat(admin.get(maps + "?resourceVersion=x").code()).isEqualTo(400);
    assertThat(admin.get("/api/v1/nonsense").code()).isEqualTo(404);
    assertThat(admin.put(maps, "{}").code()).isEqualTo(405);
    Answer elsewhere =
        admin.post(
            DEFAULT + "/configmaps",
            "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"},\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"}");
    assertThat(elsewhere.message())
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the request");
    assertThat(admin.post(maps, map("after", "x")).code()).isEqualTo(201);
  }

  @Test
  void shouldHonourFieldValidation() {
    String ns = namespace();
    String body =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"f\"},\"nope\":1}";
    Answer strict = admin.post(ns + "/configmaps?fieldValidation=Strict", body);
    assertThat(strict.code()).isEqualTo(400);
    assertThat(strict.message()).contains("unknown field \"nope\"");
    Answer warned = admin.post(ns + "/configmaps?fieldValidation=Warn&dryRun=All", body);
    assertThat(warned.code()).isEqualTo(201);
    assertThat(warned.response().headers().firstValue("warning"))
        .hasValue("299 - \"unknown field \\\"nope\\\"\"");
    assertThat(admin.get(ns + "/configmaps/f").code()).isEqualTo(404);
  }

  @Test
  void shouldShowAnonymousUsersOnlyHealthAndVersion() {
    assertThat(anonymous.get("/version").code()).isEqualTo(200);
    assertThat(anonymous.get("/readyz").body()).isEqualTo("ok");
    assertThat(anonymous.get("/livez?verbose").body()).contains("[+]ping ok");
    Answer refused = anonymous.get(DEFAULT + "/pods");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API"
                + " group \"\" in the namespace \"default\"");
    assertThat(anonymous.get("/apis").code()).isEqualTo(403);
    assertThat(anonymous.withToken("nonsense").get("/version").code()).isEqualTo(401);
  }

  @Test
  void shouldTellDiscoveryAndMetrics() {
    assertThat(names(admin.get("/apis"))).isEmpty();
    assertThat(admin.get("/apis").body()).contains("\"name\":\"apps\"");
    assertThat(admin.get("/api/v1").body()).contains("\"name\":\"pods/exec\"");
    assertThat(admin.get("/metrics").body()).contains("apiserver_request_total");
  }
}
