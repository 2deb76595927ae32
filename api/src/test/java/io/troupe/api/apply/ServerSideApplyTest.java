package io.troupe.api.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
  private static final Kind DEPLOYMENT =
      new FactKinds().byKind("apps/v1", "Deployment").orElseThrow();
  private static final String TIME = "2026-01-02T03:04:05Z";

  private static ObjectNode deployment(int replicas, String image) {
    return Json.parse(
        """
        {"apiVersion":"apps/v1","kind":"Deployment",
         "metadata":{"name":"web","namespace":"shop","labels":{"app":"web"}},
         "spec":{"replicas":%d,"selector":{"matchLabels":{"app":"web"}},
          "template":{"metadata":{"labels":{"app":"web"}},
           "spec":{"containers":[{"name":"c","image":"%s"}]}}}}"""
            .formatted(replicas, image));
  }

  private static ManagedWrite by(String manager) {
    return ManagedWrite.of(DEPLOYMENT, "", manager, TIME);
  }

  private static ObjectNode updated(ObjectNode live, ObjectNode after, ManagedWrite write) {
    ObjectNode stored = after.deepCopy();
    ArrayNode entries = ManagedFields.update(live, after, write);
    if (entries == null) {
      Json.ensure(stored, "metadata").remove("managedFields");
    } else {
      Json.ensure(stored, "metadata").set("managedFields", entries);
    }
    return stored;
  }

  private static List<String> owners(ObjectNode object) {
    return Json.items(object, "metadata", "managedFields").stream()
        .map(e -> Json.text(e, "manager") + " " + Json.text(e, "operation"))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static JsonNode fields(ObjectNode object, int entry) {
    return object.at("/metadata/managedFields/" + entry + "/fieldsV1");
  }

  @Test
  void shouldRefuseToTakeFieldsOfOthersUnlessForced() {
    ObjectNode live = updated(null, deployment(2, "nginx"), by("kubectl-client-side-apply"));
    assertThatThrownBy(() -> ServerSideApply.apply(live, deployment(3, "apache"), by("ci"), false))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.refusal().code()).isEqualTo(409);
              assertThat(e.refusal().causes())
                  .contains(
                      new Refusal.Cause(
                          "FieldManagerConflict",
                          "conflict with \"kubectl-client-side-apply\" using apps/v1",
                          ".spec.replicas"));
            })
        .hasMessage(
            """
            Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:
            - .spec.replicas
            - .spec.template.spec.containers[name="c"].image""");
    ObjectNode forced = ServerSideApply.apply(live, deployment(3, "nginx"), by("ci"), true);
    assertThat(forced.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(owners(forced)).containsExactly("ci Apply", "kubectl-client-side-apply Update");
    assertThat(fields(forced, 1).at("/f:spec").has("f:replicas")).isFalse();
    assertThat(live.at("/spec/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void shouldRemoveWhatItsManagerGaveUpAndNobodyElseOwns() {
    ObjectNode config = deployment(2, "nginx");
    Json.ensure(config, "metadata", "labels").put("shared", "1").put("mine", "1");
    ObjectNode live = ServerSideApply.apply(null, config, by("ci"), false);
    ObjectNode other = deployment(2, "nginx");
    ((ObjectNode) other.get("spec")).removeAll();
    Json.ensure(other, "metadata", "labels").put("shared", "1");
    live = ServerSideApply.apply(live, other, by("team"), false);
    live = ServerSideApply.apply(live, deployment(2, "nginx"), by("ci"), false);
    assertThat(live.at("/metadata/labels"))
        .isEqualTo(Json.parse("{\"app\":\"web\",\"shared\":\"1\"}"));
    assertThat(live.at("/spec/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void shouldTakeOverFromClientSideApplyWithoutConflict() {
    ObjectNode before = deployment(2, "nginx");
    String annotation = "kubectl.kubernetes.io/last-applied-configuration";
    Json.ensure(before, "metadata", "annotations").put(annotation, before + "\n");
    ObjectNode live = updated(null, before, by("kubectl-client-side-apply"));
    ObjectNode applied = ServerSideApply.apply(live, deployment(5, "nginx"), by("kubectl"), false);
    assertThat(applied.at("/spec/replicas").asInt()).isEqualTo(5);
    assertThat(Json.parse(applied.get("metadata").get("annotations").get(annotation).asText()))
        .isEqualTo(deployment(5, "nginx"));
  }

  @Test
  void shouldRefuseWhatIsNoConfiguration() {
    ObjectNode wrong = deployment(1, "x");
    wrong.putObject("spec").put("nonsense", 1);
    assertThatThrownBy(() -> ServerSideApply.apply(null, wrong, by("ci"), false))
        .hasMessage(
            "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment):"
                + " .spec.nonsense: field not declared in schema");
    ObjectNode pod = Json.parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}");
    assertThatThrownBy(() -> ServerSideApply.apply(null, pod, by("ci"), false))
        .hasMessage("invalid object type: /v1, Kind=Pod");
    ObjectNode managed = deployment(1, "x");
    Json.ensure(managed, "metadata").putArray("managedFields");
    assertThatThrownBy(() -> ServerSideApply.apply(null, managed, by("ci"), false))
        .hasMessage("metadata.managedFields must be nil");
  }

  @Test
  void shouldFollowUpdatesAndMergeTheOldestManagers() {
    ObjectNode live = updated(null, deployment(1, "x"), by("creator"));
    for (int i = 0; i < 15; i++) {
      ObjectNode next = live.deepCopy();
      Json.ensure(next, "metadata", "labels").put("l" + i, "1");
      live = updated(live, next, by("m" + i));
    }
    assertThat(owners(live))
        .hasSize(Managers.UPDATE_MANAGERS_MAX)
        .contains("ancient-changes Update");
  }

  @Test
  void shouldKeepTheEntriesWhenNothingChanges() {
    ObjectNode live = updated(null, deployment(1, "x"), by("creator"));
    ManagedWrite later = ManagedWrite.of(DEPLOYMENT, "", "creator", "2027-01-01T00:00:00Z");
    assertThat(ManagedFields.update(live, live.deepCopy(), later))
        .isSameAs(live.at("/metadata/managedFields"));
    ObjectNode forgetful = live.deepCopy();
    Json.ensure(forgetful, "metadata").remove("managedFields");
    assertThat(ManagedFields.update(live, forgetful, later))
        .isSameAs(live.at("/metadata/managedFields"));
    ObjectNode reset = live.deepCopy();
    Json.ensure(reset, "metadata").putArray("managedFields");
    assertThat(ManagedFields.update(live, reset, later)).isNull();
  }

  @Test
  void shouldNotOwnStatusThroughTheObjectItself() {
    ObjectNode after = deployment(1, "x");
    after.putObject("status").put("replicas", 3);
    ObjectNode live = updated(null, after, by("creator"));
    assertThat(fields(live, 0).has("f:status")).isFalse();
    ObjectNode next = live.deepCopy();
    Json.ensure(next, "status").put("replicas", 4);
    ManagedWrite status = ManagedWrite.of(DEPLOYMENT, "status", "controller", TIME);
    assertThat(fields(updated(live, next, status), 0))
        .isEqualTo(Json.parse("{\"f:status\":{\"f:replicas\":{}}}"));
  }
}
