package io.troupe.control.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.runtime.Harness;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointControllersTest {
  private final Harness harness =
      new Harness(new EndpointSliceController(), new EndpointsController());

  @BeforeEach
  void nodeAndService() {
    harness.create(
        Resources.NODES,
        "{'metadata':{'name':'n1','labels':{'topology.kubernetes.io/zone':'z1'}},'spec':{}}");
    harness.create(
        Resources.SERVICES,
        """
        {'apiVersion':'v1','kind':'Service','metadata':{'namespace':'x','name':'web',
         'labels':{'team':'a'}},
         'spec':{'selector':{'app':'web'},'clusterIP':'10.96.0.7','ipFamilies':['IPv4'],
         'ports':[{'name':'http','port':80,'targetPort':'web','protocol':'TCP'},
                  {'name':'raw','port':90,'targetPort':9000,'protocol':'TCP'}]}}
        """);
  }

  private void pods(int from, int to) {
    for (int i = from; i < to; i++) {
      harness.create(
          Resources.PODS,
          """
          {'apiVersion':'v1','kind':'Pod','metadata':{'namespace':'x','name':'p%03d',
           'labels':{'app':'web'}},
           'spec':{'containers':[{'ports':[{'name':'web','containerPort':8080}]}]}}
          """
              .formatted(i));
    }
  }

  private List<ObjectNode> slices() {
    return harness.list(Resources.ENDPOINT_SLICES, "x");
  }

  @Test
  void shouldListReadyPodsWithTheirPortsAndZone() {
    pods(0, 2);
    harness.settle();
    ObjectNode slice = slices().getFirst();
    assertThat(Meta.labels(slice))
        .containsEntry("kubernetes.io/service-name", "web")
        .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
        .containsEntry("team", "a");
    assertThat(Json.items(slice, "ports"))
        .extracting(p -> p.get("name").asText() + p.get("port").asInt())
        .containsExactly("http8080", "raw9000");
    var endpoint = Json.items(slice, "endpoints").getFirst();
    assertThat(endpoint.at("/conditions/ready").booleanValue()).isTrue();
    assertThat(endpoint.get("zone").asText()).isEqualTo("z1");
    assertThat(endpoint.at("/targetRef/name").asText()).isEqualTo("p000");

    ObjectNode endpoints = harness.get(Resources.ENDPOINTS, "x", "web");
    assertThat(Json.items(endpoints, "subsets")).hasSize(1);
    assertThat(Json.items(endpoints.path("subsets").get(0), "addresses")).hasSize(2);
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldTellReadyFromNotReadyAndTerminating() {
    harness.kubelet().readyIf(pod -> !Meta.name(pod).equals("p001"));
    pods(0, 3);
    harness.settle();
    harness.kubelet(false);
    harness.delete(Resources.PODS, "x", "p002", "");
    harness.settle();
    List<String> conditions =
        Json.items(slices().getFirst(), "endpoints").stream()
            .map(
                e ->
                    e.at("/conditions/ready").asText()
                        + e.at("/conditions/serving").asText()
                        + e.at("/conditions/terminating").asText())
            .toList();
    assertThat(conditions).containsExactly("truetruefalse", "falsefalsefalse", "falsetruetrue");
    ObjectNode endpoints = harness.get(Resources.ENDPOINTS, "x", "web");
    var subset = endpoints.path("subsets").get(0);
    assertThat(subset.path("addresses")).hasSize(1);
    assertThat(subset.path("notReadyAddresses")).hasSize(1);
  }

  @Test
  void shouldFillSlicesOfAHundredAndChangeOnlyOneOfThem() {
    pods(0, 150);
    harness.settle();
    assertThat(slices())
        .extracting(s -> s.path("endpoints").size())
        .containsExactlyInAnyOrder(100, 50);
    harness.cluster.takeWrites();
    harness.delete(Resources.PODS, "x", "p010", "");
    harness.settle();
    assertThat(harness.cluster.takeWrites())
        .filteredOn(w -> w.contains("endpointslices"))
        .extracting(w -> w.substring(w.indexOf(' ')))
        .allMatch(w -> w.equals(" endpointslices/" + sliceOf(99)));
    assertThat(harness.secondRun()).isEmpty();
  }

  private String sliceOf(int size) {
    return slices().stream()
        .filter(s -> s.path("endpoints").size() == size)
        .map(Meta::name)
        .findFirst()
        .orElse("?");
  }

  @Test
  void shouldKeepAPlaceholderForAServiceWithoutPods() {
    harness.settle();
    assertThat(slices()).hasSize(1);
    assertThat(slices().getFirst().path("endpoints")).isEmpty();
    pods(0, 1);
    harness.settle();
    assertThat(slices()).hasSize(1);
    harness.delete(Resources.PODS, "x", "p000", "");
    harness.settle();
    assertThat(slices()).hasSize(1);
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldRemoveEndpointsOfARemovedService() {
    pods(0, 1);
    harness.settle();
    harness.delete(Resources.SERVICES, "x", "web", "");
    harness.settle();
    assertThat(harness.list(Resources.ENDPOINTS, "x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldEachPodOnceInAnyOrderOfEvents(long seed) {
    pods(0, 12);
    harness.settleByChance(seed);
    harness.delete(Resources.PODS, "x", "p003", "");
    pods(12, 15);
    harness.settleByChance(seed + 50);
    assertThat(slices().stream().flatMap(s -> Json.items(s, "endpoints").stream()).toList())
        .as("seed %d", seed)
        .extracting(e -> e.at("/targetRef/name").asText())
        .hasSize(14)
        .doesNotHaveDuplicates()
        .doesNotContain("p003");
    assertThat(harness.secondRun()).isEmpty();
  }
}
