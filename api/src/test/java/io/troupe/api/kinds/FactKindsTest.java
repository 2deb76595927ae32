package io.troupe.api.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.object.GroupResource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FactKindsTest {
  private final FactKinds kinds = new FactKinds();

  private Schema schema(String definition) {
    return kinds.definition(definition).orElseThrow();
  }

  private Schema.Field field(String definition, String name) {
    return schema("io.k8s.api." + definition).fields().get(name);
  }

  @Test
  void shouldKnowEveryStableResource() {
    assertThat(kinds.all()).hasSize(72);
    assertThat(kinds.byPath("", "v1", "pods").orElseThrow().shortNames()).containsExactly("po");
    assertThat(kinds.byPath("resource.k8s.io", "v1", "resourceslices")).isPresent();
    assertThat(kinds.byKind("rbac.authorization.k8s.io/v1", "ClusterRole")).isPresent();
    assertThat(kinds.byPath("apps", "v1beta1", "deployments")).isEmpty();
  }

  @Test
  void shouldDescribeSubresourcesByTheirBodies() {
    Kind pods = kinds.byKind("v1", "Pod").orElseThrow();
    assertThat(pods.subresources())
        .contains(new Kind.Subresource("eviction", "policy/v1", "Eviction", List.of("create")));
    assertThat(kinds.byKind("apps/v1", "Deployment").orElseThrow().subresources())
        .contains(
            new Kind.Subresource(
                "scale", "autoscaling/v1", "Scale", List.of("get", "patch", "update")));
  }

  @Test
  void shouldNameTheStoredFormOfKindsWithTwo() {
    Kind old = kinds.byKind("autoscaling/v1", "HorizontalPodAutoscaler").orElseThrow();
    assertThat(old.storedVersion()).isEqualTo("autoscaling/v2");
    Kind event = kinds.byKind("events.k8s.io/v1", "Event").orElseThrow();
    assertThat(event.stored()).isEqualTo(new GroupResource("", "events"));
    assertThat(kinds.stored(event.stored()).orElseThrow().resource().apiVersion()).isEqualTo("v1");
  }

  @Test
  void shouldFindBodiesThatAreNoResource() {
    for (String kind : List.of("Status", "PodList", "List", "DeleteOptions", "APIResourceList")) {
      assertThat(kinds.body("v1", kind)).as(kind).isPresent();
    }
    assertThat(kinds.body("policy/v1", "Eviction")).isPresent();
    assertThat(kinds.body("apps/v1", "DeleteOptions")).isPresent();
    assertThat(kinds.body("meta.k8s.io/v1", "PartialObjectMetadataList")).isPresent();
    assertThat(kinds.body("admission.k8s.io/v1", "AdmissionReview")).isPresent();
    assertThat(kinds.body("v1", "PodSpec")).isEmpty();
  }

  @Test
  void shouldStateListsMergesDefaultsAndEnums() {
    Schema.Field ports = field("core.v1.Container", "ports");
    assertThat(ports.schema().listType()).isEqualTo(Schema.ListType.MAP);
    assertThat(ports.schema().listMapKeys()).containsExactly("containerPort", "protocol");
    assertThat(ports.merge()).isEqualTo(new Schema.FieldMerge("containerPort", List.of("merge")));
    assertThat(field("core.v1.PodSpec", "volumes").merge().strategies())
        .containsExactly("merge", "retainKeys");
    Schema protocol = field("core.v1.ContainerPort", "protocol").schema();
    assertThat(protocol.defaultValue().textValue()).isEqualTo("TCP");
    assertThat(protocol.enumValues()).containsExactly("SCTP", "TCP", "UDP");
    assertThat(field("core.v1.ContainerPort", "containerPort").required()).isTrue();
    assertThat(schema("io.k8s.api.core.v1.LocalObjectReference").atomic()).isTrue();
    assertThat(field("core.v1.PodSpec", "nodeSelector").schema().atomic()).isTrue();
    Schema operations = field("admissionregistration.v1.RuleWithOperations", "operations").schema();
    assertThat(operations.enumValues()).isEmpty();
    assertThat(operations.element().enumValues()).contains("CREATE");
    assertThat(
            field("certificates.v1.CertificateSigningRequestSpec", "usages")
                .schema()
                .element()
                .enumValues())
        .contains("client auth", "any");
  }

  @Test
  void shouldGiveProtobufNumbersOfEmbeddedFields() {
    Schema.Field emptyDir = field("core.v1.Volume", "emptyDir");
    assertThat(emptyDir.within()).containsExactly(2);
    assertThat(emptyDir.protobuf()).isEqualTo(2);
    assertThat(field("admissionregistration.v1.NamedRuleWithOperations", "scope").within())
        .containsExactly(2, 2);
  }

  @Test
  void shouldTellEmptyFromAbsent() {
    assertThat(field("core.v1.Container", "image").presence())
        .isEqualTo(Schema.Presence.OMITTED_WHEN_EMPTY);
    assertThat(field("apps.v1.DeploymentSpec", "replicas").presence())
        .isEqualTo(Schema.Presence.AS_GIVEN);
    assertThat(field("core.v1.Container", "resources").presence())
        .isEqualTo(Schema.Presence.ALWAYS_WRITTEN);
  }

  @Test
  void shouldNameSpecialLeaves() {
    assertThat(field("core.v1.Event", "eventTime").schema().format()).isEqualTo("micro-time");
    assertThat(field("core.v1.ConfigMap", "binaryData").schema().element().format())
        .isEqualTo("byte");
    assertThat(field("core.v1.ResourceRequirements", "limits").schema().element().type())
        .isEqualTo(Schema.Type.QUANTITY);
    assertThat(field("core.v1.ServicePort", "targetPort").schema().type())
        .isEqualTo(Schema.Type.INT_OR_STRING);
    Schema extra = field("authentication.v1.UserInfo", "extra").schema().element();
    assertThat(extra.type()).isEqualTo(Schema.Type.LIST);
    assertThat(extra.definition()).isEqualTo("io.k8s.api.authentication.v1.ExtraValue");
  }

  @Test
  void shouldResolveEveryReferenceOfEveryKind() {
    Set<String> seen = new HashSet<>();
    for (Kind kind : kinds.all()) {
      assertThat(kind.schema().fields()).containsKeys("kind", "apiVersion");
      walk(kind.schema(), seen);
      kind.subresources().stream()
          .flatMap(sub -> kinds.body(sub.apiVersion(), sub.kind()).stream())
          .forEach(body -> walk(body, seen));
    }
    assertThat(seen).hasSizeGreaterThan(400);
  }

  @Test
  void shouldUnderstandEveryWordOfEveryFile() {
    Set<String> marks =
        Set.of("required", "atomic", "granular", "list", "patch", "default", "enum", "go");
    for (String index : FactFile.lines("index.facts")) {
      FactFile.read(index.split(" ")[0]).definitions().values().stream()
          .flatMap(definition -> definition.fields().stream())
          .forEach(
              line ->
                  assertThat(List.of(line.split(" ")).subList(3, line.split(" ").length))
                      .as(line)
                      .allSatisfy(word -> assertThat(marks).contains(word.split("=")[0])));
    }
  }

  private static void walk(Schema schema, Set<String> seen) {
    if (!schema.definition().isEmpty() && !seen.add(schema.definition())) {
      return;
    }
    schema.fields().values().forEach(field -> walk(field.schema(), seen));
    if (schema.element() != null) {
      walk(schema.element(), seen);
    }
  }
}
