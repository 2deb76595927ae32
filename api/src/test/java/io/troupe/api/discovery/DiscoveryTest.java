package io.troupe.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
  private final Discovery discovery = new Discovery(new FactKinds());

  private JsonNode resource(String group, String name) {
    return Json.items(discovery.resourceList(group, "v1").orElseThrow(), "resources").stream()
        .filter(r -> Json.text(r, "name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldListGroupsWithTheirPreferredVersion() {
    List<JsonNode> groups = Json.items(discovery.groupList(), "groups");
    assertThat(groups).hasSize(21);
    assertThat(Json.text(groups.getFirst(), "name")).isEqualTo("apiregistration.k8s.io");
    JsonNode autoscaling = discovery.group("autoscaling").orElseThrow();
    assertThat(Json.text(autoscaling, "preferredVersion", "groupVersion"))
        .isEqualTo("autoscaling/v2");
    assertThat(Json.items(autoscaling, "versions")).hasSize(2);
    assertThat(discovery.group("nothing.example")).isEmpty();
  }

  @Test
  void shouldDescribeResourcesAsUpstreamDoes() {
    assertThat(resource("", "configmaps").toString())
        .isEqualTo(
            Json.parse(
                    """
                    {"name":"configmaps","singularName":"configmap","namespaced":true,
                     "kind":"ConfigMap",
                     "verbs":["create","delete","deletecollection","get","list","patch","update","watch"],
                     "shortNames":["cm"],"storageVersionHash":"qFsyl6wFWjQ="}
                    """)
                .toString());
    assertThat(resource("", "pods/eviction").toString())
        .isEqualTo(
            "{\"name\":\"pods/eviction\",\"singularName\":\"\",\"namespaced\":true,"
                + "\"group\":\"policy\",\"version\":\"v1\",\"kind\":\"Eviction\","
                + "\"verbs\":[\"create\"]}");
    assertThat(resource("authorization.k8s.io", "subjectaccessreviews").has("storageVersionHash"))
        .isFalse();
  }

  @Test
  void shouldAggregateAllGroups() {
    JsonNode core = discovery.aggregatedCore().get("items");
    assertThat(core).hasSize(1);
    JsonNode apps =
        Json.items(discovery.aggregatedGroups(), "items").stream()
            .filter(item -> Json.text(item, "metadata", "name").equals("apps"))
            .findFirst()
            .orElseThrow();
    JsonNode deployments = apps.at("/versions/0/resources/2");
    assertThat(Json.text(deployments, "resource")).isEqualTo("deployments");
    assertThat(deployments.at("/subresources/0/responseKind").toString())
        .isEqualTo("{\"group\":\"autoscaling\",\"version\":\"v1\",\"kind\":\"Scale\"}");
  }

  @Test
  void shouldPreferStableAndNewVersions() {
    assertThat(
            Stream.of(
                    "v1", "foo", "v2beta1", "v10", "v2alpha3", "v2", "v11alpha1", "v2beta10", "bar")
                .sorted(new VersionOrder()))
        .containsExactly(
            "v10", "v2", "v1", "v2beta10", "v2beta1", "v11alpha1", "v2alpha3", "bar", "foo");
  }
}
