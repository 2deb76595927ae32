package io.troupe.control.kinds;

import static io.troupe.control.kinds.Bench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Decision;
import org.junit.jupiter.api.Test;

class KubernetesDeciderTest {
  private static final String MAP =
      "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'m'},'data':{'a':'1'}}";

  private final Bench map = new Bench("v1", "ConfigMap", "m");

  @Test
  void shouldFillMetadataOfANewObject() {
    map.created(MAP);
    assertThat(map.at("metadata", "uid")).isEqualTo("uid-1");
    assertThat(map.at("metadata", "namespace")).isEqualTo("shop");
    assertThat(map.at("metadata", "creationTimestamp")).isEqualTo("2026-09-21T14:13:20Z");
    assertThat(map.current.fieldNames()).toIterable().startsWith("apiVersion", "kind", "metadata");
  }

  @Test
  void shouldKeepAnObjectThatIsReplacedByItself() {
    map.created(MAP);
    map.now += 60_000;
    assertThat(map.replace("", map.current)).isInstanceOf(Decision.Keep.class);
  }

  @Test
  void shouldRefuseASecondCreation() {
    Refusal refusal = refusal(map.created(MAP).create(MAP));
    assertThat(refusal.message()).isEqualTo("configmaps \"m\" already exists");
  }

  @Test
  void shouldRefuseAStaleRevision() {
    map.created(MAP);
    ObjectNode stale = map.current.deepCopy();
    map.merge("", "{'data':{'a':'2'}}");
    assertThat(refusal(map.replace("", stale)).message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"m\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
  }

  @Test
  void shouldReplaceUnconditionallyWithoutRevision() {
    map.created(MAP);
    ObjectNode body = Json.parse(Bench.json(MAP));
    Json.ensure(body, "data").put("a", "3");
    assertThat(map.replace("", body)).isInstanceOf(Decision.Store.class);
    assertThat(map.at("data", "a")).isEqualTo("3");
    assertThat(map.at("metadata", "uid")).isEqualTo("uid-1");
  }

  @Test
  void shouldRefuseABodyOfAnotherKindNameOrNamespace() {
    assertThat(
            refusal(map.create("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'m'}}"))
                .message())
        .isEqualTo(
            "Pod in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Pod) to"
                + " (core.ConfigMap): unknown conversion");
    assertThat(refusal(map.create("{'metadata':{'name':'m','namespace':'other'}}")).message())
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the request");
    map.created(MAP);
    ObjectNode body = map.current.deepCopy();
    Json.ensure(body, "metadata").put("name", "n");
    assertThat(refusal(map.replace("", body)).message())
        .isEqualTo("the name of the object (n) does not match the name on the URL (m)");
  }

  @Test
  void shouldTreatUnknownFieldsAsTheClientWishes() {
    String body = "{'metadata':{'name':'m'},'extra':1}";
    assertThat(((Decision.Store) map.create(body)).warnings())
        .containsExactly("unknown field \"extra\"");
    map.current = null;
    map.fieldValidation = "Strict";
    assertThat(refusal(map.create(body)).message())
        .isEqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                + " unknown field \"extra\"");
  }

  @Test
  void shouldRefuseCreationInAMissingOrTerminatingNamespace() {
    map.world = new FakeWorld();
    assertThat(refusal(map.create(MAP)).message()).isEqualTo("namespaces \"shop\" not found");
    map.world =
        new FakeWorld()
            .with(
                Resources.NAMESPACES,
                "{'metadata':{'name':'shop','deletionTimestamp':'2026-01-01T00:00:00Z'}}");
    Refusal refusal = refusal(map.create(MAP));
    assertThat(refusal.message())
        .isEqualTo(
            "configmaps \"m\" is forbidden: unable to create new content in namespace shop because"
                + " it is being terminated");
    assertThat(refusal.causes().getFirst().reason()).isEqualTo("NamespaceTerminating");
  }

  @Test
  void shouldNameEachBadField() {
    Refusal refusal = refusal(map.create("{'metadata':{'name':'m'},'data':{'a b':'x'}}"));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal.causes().getFirst().field()).isEqualTo("data[a b]");
    assertThat(refusal.message())
        .startsWith(
            "ConfigMap \"m\" is invalid: data[a b]: Invalid value: \"a b\": a valid config key");
  }

  @Test
  void shouldHonourImmutability() {
    map.created("{'metadata':{'name':'m'},'immutable':true,'data':{'a':'1'}}");
    assertThat(refusal(map.merge("", "{'data':{'a':'2'}}")).message())
        .isEqualTo(
            "ConfigMap \"m\" is invalid: data: Forbidden: field is immutable when `immutable` is"
                + " set");
  }

  @Test
  void shouldWaitForFinalizers() {
    map.created("{'metadata':{'name':'m','finalizers':['example.com/x']}}");
    assertThat(map.delete(DeleteOptions.DEFAULT)).isInstanceOf(Decision.Store.class);
    assertThat(Meta.isDeleting(map.current)).isTrue();
    assertThat(map.delete(DeleteOptions.DEFAULT)).isInstanceOf(Decision.Keep.class);
    assertThat(refusal(map.merge("", "{'metadata':{'finalizers':['example.com/y']}}")).message())
        .contains("no new finalizers can be added");
    assertThat(map.merge("", "{'metadata':{'finalizers':null}}"))
        .isInstanceOf(Decision.Remove.class);
  }

  @Test
  void shouldPutTheFinalizersOfThePropagationPolicy() {
    map.created(MAP);
    map.delete(new DeleteOptions(-1, "Foreground", "", ""));
    assertThat(Json.at(map.current, "metadata", "finalizers").toString())
        .isEqualTo("[\"foregroundDeletion\"]");
    map.delete(new DeleteOptions(-1, "Orphan", "", ""));
    assertThat(Json.at(map.current, "metadata", "finalizers").toString()).isEqualTo("[\"orphan\"]");
    assertThat(map.delete(new DeleteOptions(-1, "Background", "", "")))
        .isInstanceOf(Decision.Remove.class);
  }

  @Test
  void shouldRefuseADeleteWithAnotherUid() {
    map.created(MAP);
    assertThat(refusal(map.delete(DeleteOptions.now("other"))).message())
        .isEqualTo(
            "Operation cannot be fulfilled on ConfigMap \"m\": the UID in the precondition (other)"
                + " does not match the UID in record (uid-1). The object might have been deleted"
                + " and then recreated");
  }
}
