package io.troupe.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Json;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private static final OpenApi API = new OpenApi(new FactKinds(), new ModelDescriptions(), "1.37");
  private static final String SCHEMAS = "#/components/schemas/";

  private static ObjectNode group(String path) {
    return Json.parse(API.group(path).orElseThrow().json());
  }

  private static JsonNode schema(ObjectNode document, String definition) {
    return Json.at(document, "components", "schemas", definition);
  }

  @Test
  void shouldIndexEveryGroupWithAHash() {
    JsonNode paths = Json.parse(API.index().json()).get("paths");
    assertThat(paths).hasSize(22 + 1);
    assertThat(Json.text(paths, "apis/apps/v1", "serverRelativeURL"))
        .isEqualTo("/openapi/v3/apis/apps/v1?hash=" + API.hash("apis/apps/v1"));
    assertThat(API.group("apis/apps/v2")).isEmpty();
  }

  @Test
  void shouldDescribeAFieldForKubectlExplain() {
    JsonNode containers =
        Json.at(schema(group("api/v1"), "io.k8s.api.core.v1.PodSpec"), "properties", "containers");
    assertThat(Json.text(containers, "description"))
        .startsWith("List of containers belonging to the pod.");
    ((ObjectNode) containers).remove("description");
    assertThat(containers)
        .isEqualTo(
            Json.parse(
                """
                {"type":"array","items":{"$ref":"#/components/schemas/io.k8s.api.core.v1.Container"},
                 "x-kubernetes-list-map-keys":["name"],"x-kubernetes-list-type":"map",
                 "x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"}
                """));
  }

  @Test
  void shouldStateDefaultsEnumsAndSpecialTypes() {
    ObjectNode core = group("api/v1");
    JsonNode protocol =
        Json.at(schema(core, "io.k8s.api.core.v1.ContainerPort"), "properties", "protocol");
    assertThat(Json.text(protocol, "default")).isEqualTo("TCP");
    assertThat(protocol.get("enum")).hasSize(3);
    JsonNode quantity = schema(core, "io.k8s.apimachinery.pkg.api.resource.Quantity");
    assertThat(quantity.get("oneOf").toString())
        .isEqualTo("[{\"type\":\"string\"},{\"type\":\"number\"}]");
    JsonNode pod = schema(core, "io.k8s.api.core.v1.Pod");
    assertThat(pod.at("/x-kubernetes-group-version-kind/0").toString())
        .isEqualTo("{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}");
    assertThat(Json.text(pod, "properties", "spec", "description"))
        .as("the description of the type stands in where the field has none")
        .startsWith("PodSpec is a description of a pod.");
  }

  @Test
  void shouldTellKubectlThatPatchesTakeFieldValidation() {
    JsonNode patch =
        Json.at(
            group("apis/apps/v1"),
            "paths",
            "/apis/apps/v1/namespaces/{namespace}/deployments/{name}",
            "patch");
    assertThat(Json.text(patch, "operationId")).isEqualTo("patchAppsV1NamespacedDeployment");
    assertThat(Json.text(patch, "x-kubernetes-action")).isEqualTo("patch");
    assertThat(Json.items(patch, "parameters"))
        .extracting(parameter -> Json.text(parameter, "name"))
        .containsExactly("dryRun", "fieldManager", "fieldValidation", "force");
  }

  @Test
  void shouldResolveEveryReferenceOfEveryDocument() {
    for (String path :
        Json.parse(API.index().json())
            .get("paths")
            .propertyStream()
            .map(Map.Entry::getKey)
            .toList()) {
      ObjectNode document = group(path);
      Set<String> references = new HashSet<>();
      references(document, references);
      assertThat(references)
          .as(path)
          .allSatisfy(
              reference ->
                  assertThat(schema(document, reference.substring(SCHEMAS.length())).isObject())
                      .isTrue());
    }
  }

  @Test
  void shouldPutEverythingIntoOneSwaggerDocument() {
    ObjectNode swagger = Json.parse(API.swagger().json());
    assertThat(swagger.get("paths").size()).isGreaterThan(200);
    Set<String> references = new HashSet<>();
    references(swagger, references);
    assertThat(references)
        .allSatisfy(
            reference ->
                assertThat(
                        swagger
                            .get("definitions")
                            .has(reference.substring("#/definitions/".length())))
                    .isTrue());
    assertThat(API.swagger().etag()).isEqualTo(API.swagger().etag()).startsWith("\"");
  }

  @Test
  void shouldKnowDescriptionsOfNamesThatSeveralGroupsHave() {
    Descriptions descriptions = new ModelDescriptions();
    assertThat(descriptions.of("io.k8s.api.events.v1.Event", "note")).isNotEmpty();
    assertThat(descriptions.of("io.k8s.api.core.v1.Event", "note")).isEmpty();
    assertThat(descriptions.of("io.k8s.api.core.v1.Event", "message")).isNotEmpty();
    assertThat(descriptions.of("io.k8s.api.nothing.v1.Nothing", "x")).isEmpty();
  }

  private static void references(JsonNode node, Set<String> found) {
    String reference = Json.text(node, "$ref");
    if (!reference.isEmpty()) {
      found.add(reference);
    }
    node.forEach(child -> references(child, found));
  }
}
