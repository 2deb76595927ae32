package io.troupe.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutingTest {
  private static ObjectNode service(String extra) {
    return Json.parse(
        """
        {"metadata":{"name":"web","namespace":"shop"},
         "spec":{"clusterIP":"10.96.0.20","ports":[{"name":"http","port":80}]%s}}"""
            .formatted(extra));
  }

  private static ObjectNode slice(String endpoints) {
    return Json.parse(
        """
        {"metadata":{"name":"web-1","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},
         "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],"endpoints":[%s]}"""
            .formatted(endpoints));
  }

  private static String endpoint(String ip, String node, String conditions) {
    return "{\"addresses\":[\"%s\"],\"nodeName\":\"%s\",\"conditions\":{%s}}"
        .formatted(ip, node, conditions);
  }

  private static List<String> internal(ObjectNode service, ObjectNode slice) {
    return new Routing("n1", "a")
        .compute(List.of(service), List.of(slice)).getFirst().internal().stream()
            .map(Endpoint::ip)
            .toList();
  }

  @Test
  void shouldUseReadyEndpointsOnly() {
    ObjectNode slice =
        slice(
            endpoint("10.1.0.1", "n1", "\"ready\":true")
                + ","
                + endpoint("10.1.0.2", "n2", "\"ready\":false"));
    assertThat(internal(service(""), slice)).containsExactly("10.1.0.1");
  }

  @Test
  void shouldFallBackToTerminatingEndpointsThatStillServe() {
    ObjectNode slice =
        slice(endpoint("10.1.0.2", "n2", "\"ready\":false,\"serving\":true,\"terminating\":true"));
    assertThat(internal(service(""), slice)).containsExactly("10.1.0.2");
  }

  @Test
  void shouldKeepToTheNodeUnderALocalPolicy() {
    ObjectNode slice = slice(endpoint("10.1.0.1", "n1", "") + "," + endpoint("10.1.0.2", "n2", ""));
    assertThat(internal(service(",\"internalTrafficPolicy\":\"Local\""), slice))
        .containsExactly("10.1.0.1");
  }

  @Test
  void shouldLeaveOutHeadlessAndExternalNameServices() {
    Routing routing = new Routing("n1", "a");
    ObjectNode headless =
        Json.parse(
            "{\"metadata\":{\"name\":\"h\"},\"spec\":{\"clusterIP\":\"None\",\"ports\":[{\"port\":1}]}}");
    assertThat(routing.compute(List.of(headless), List.of())).isEmpty();
  }
}
