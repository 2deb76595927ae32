package io.troupe.control.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Outcome;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllocatingStoreTest {
  private final MemoryStore memory = new MemoryStore();
  private long nowMillis = 1_000;
  private final AllocatingStore store =
      new AllocatingStore(
          memory,
          AllocationRanges.of("10.96.0.0/24", "10.244.0.0/22", 24),
          new Random(7),
          () -> nowMillis);

  private static ObjectKey service(String name) {
    return Resources.SERVICES.key("default", name);
  }

  private static byte[] body(String name, String spec) {
    return Json.bytes(
        Json.parse(
            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\""
                + name
                + "\",\"namespace\":\"default\"},\"spec\":"
                + spec.replace('\'', '"')
                + "}"));
  }

  private Outcome submit(ObjectKey key, Command command) {
    return store.submit(key, command).toCompletableFuture().join();
  }

  private Outcome create(String name, String spec) {
    return submit(
        service(name),
        new Command.CreateObject(MemoryStore.request("create", "Service", ""), body(name, spec)));
  }

  private Outcome patch(String name, String patch) {
    return submit(
        service(name),
        new Command.PatchObject(
            MemoryStore.request("patch", "Service", ""),
            PatchType.MERGE,
            Json.bytes(Json.parse(patch.replace('\'', '"'))),
            false));
  }

  private Outcome delete(ObjectKey key) {
    return submit(
        key,
        new Command.DeleteObject(
            MemoryStore.request("delete", "Service", ""), DeleteOptions.DEFAULT));
  }

  private static JsonNode spec(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).object().tree().get("spec");
  }

  private static String refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal().message();
  }

  @Test
  void shouldGiveServicesAnAddressAndFamilies() {
    JsonNode spec = spec(create("web", "{'ports':[{'port':80}]}"));

    assertThat(spec.get("clusterIP").textValue()).startsWith("10.96.0.");
    assertThat(spec.get("clusterIPs").get(0)).isEqualTo(spec.get("clusterIP"));
    assertThat(spec.get("ipFamilies").get(0).textValue()).isEqualTo("IPv4");
    assertThat(spec.get("ipFamilyPolicy").textValue()).isEqualTo("SingleStack");
  }

  @Test
  void shouldGiveTheFirstAddressToTheApiService() {
    JsonNode spec = spec(create("kubernetes", "{'ports':[{'port':443}]}"));

    assertThat(spec.get("clusterIP").textValue()).isEqualTo("10.96.0.1");
  }

  @Test
  void shouldHonourARequestedAddressOnce() {
    assertThat(
            spec(create("a", "{'clusterIP':'10.96.0.10','ports':[{'port':80}]}"))
                .get("clusterIPs")
                .get(0)
                .textValue())
        .isEqualTo("10.96.0.10");

    assertThat(refusal(create("b", "{'clusterIP':'10.96.0.10','ports':[{'port':80}]}")))
        .isEqualTo(
            "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed to"
                + " allocate IP 10.96.0.10: provided IP is already allocated");
    assertThat(refusal(create("c", "{'clusterIP':'10.1.0.10','ports':[{'port':80}]}")))
        .contains("not in the valid range. The range of valid IPs is 10.96.0.0/24");
  }

  @Test
  void shouldGiveAwayTheWholeRangeAndNoMore() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 254; i++) {
      seen.add(spec(create("s" + i, "{'ports':[{'port':80}]}")).get("clusterIP").textValue());
    }

    assertThat(seen).hasSize(254);
    assertThat(refusal(create("more", "{'ports':[{'port':80}]}"))).endsWith("range is full");
  }

  @Test
  void shouldNotGiveAddressesToHeadlessAndExternalServices() {
    assertThat(spec(create("h", "{'clusterIP':'None','selector':{'a':'b'}}")).get("clusterIPs"))
        .hasSize(1);
    assertThat(spec(create("e", "{'type':'ExternalName','externalName':'x.y'}")).has("clusterIP"))
        .isFalse();
    assertThat(memory.ledgers.count("cluster-ip")).isZero();
  }

  @Test
  void shouldShareANodePortBetweenProtocolsOfOnePort() {
    JsonNode ports =
        spec(create(
                "dns",
                "{'type':'NodePort','ports':[{'name':'t','port':53,'protocol':'TCP'},"
                    + "{'name':'u','port':53,'protocol':'UDP'},{'name':'m','port':9}]}"))
            .get("ports");

    assertThat(ports.get(0).get("nodePort")).isEqualTo(ports.get(1).get("nodePort"));
    assertThat(ports.get(0).get("nodePort")).isNotEqualTo(ports.get(2).get("nodePort"));
    assertThat(memory.ledgers.count("node-port")).isEqualTo(2);
  }

  @Test
  void shouldRefuseATakenNodePort() {
    create("a", "{'type':'NodePort','ports':[{'port':80,'nodePort':30080}]}");

    assertThat(refusal(create("b", "{'type':'NodePort','ports':[{'port':80,'nodePort':30080}]}")))
        .isEqualTo(
            "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port"
                + " is already allocated");
    assertThat(memory.ledgers.count("cluster-ip")).as("the refused one's address").isEqualTo(1);
  }

  @Test
  void shouldAllocateForPatchesToo() {
    create("web", "{'ports':[{'name':'h','port':80}]}");

    JsonNode spec = spec(patch("web", "{'spec':{'type':'NodePort'}}"));
    int port = spec.get("ports").get(0).get("nodePort").intValue();
    assertThat(port).isBetween(30000, 32767);

    spec(patch("web", "{'spec':{'ports':[{'name':'h','port':81}]}}"));
    assertThat(memory.ledgers.count("node-port")).as("kept by name").isEqualTo(1);

    JsonNode back = spec(patch("web", "{'spec':{'type':'ClusterIP'}}"));
    assertThat(back.get("ports").get(0).has("nodePort")).isFalse();
    assertThat(memory.ledgers.count("node-port")).isZero();
  }

  @Test
  void shouldKeepAllocatedValuesThatAReplacementLeavesOut() {
    JsonNode before = spec(create("web", "{'type':'NodePort','ports':[{'port':80}]}"));

    JsonNode after =
        spec(
            submit(
                service("web"),
                new Command.ReplaceObject(
                    MemoryStore.request("update", "Service", ""),
                    body("web", "{'type':'NodePort','ports':[{'port':80}]}"))));

    assertThat(after.get("clusterIP")).isEqualTo(before.get("clusterIP"));
    assertThat(after.get("ports")).isEqualTo(before.get("ports"));
  }

  @Test
  void shouldReleaseEverythingWhenAServiceGoes() {
    create("lb", "{'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]}");
    assertThat(memory.ledgers.count("node-port")).isEqualTo(2);

    delete(service("lb"));

    assertThat(memory.ledgers.count("node-port")).isZero();
    assertThat(memory.ledgers.count("cluster-ip")).isZero();
  }

  @Test
  void shouldTakeALeakedAddressOver() {
    create("gone", "{'clusterIP':'10.96.0.10','ports':[{'port':80}]}");
    memory.objects.remove(service("gone").toString());
    assertThat(refusal(create("b", "{'clusterIP':'10.96.0.10','ports':[{'port':80}]}")))
        .contains("already allocated");

    nowMillis += ServiceLedgers.LEAK_AGE_MILLIS;

    assertThat(spec(create("b", "{'clusterIP':'10.96.0.10','ports':[{'port':80}]}"))).isNotNull();
  }

  @Test
  void shouldGiveNodesTheirPodAddresses() {
    assertThat(node("n1").get("podCIDR").textValue()).isEqualTo("10.244.0.0/24");
    assertThat(node("n2").get("podCIDRs").get(0).textValue()).isEqualTo("10.244.1.0/24");
    delete(Resources.NODES.key("", "n1"));
    assertThat(node("n3").get("podCIDR").textValue()).isEqualTo("10.244.0.0/24");
    node("n4");
    node("n5");
    assertThat(node("n6").has("podCIDR")).as("none left").isFalse();
  }

  private JsonNode node(String name) {
    ObjectNode body =
        Json.parse(
            "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\""
                + name
                + "\"},\"spec\":{},\"status\":{\"allocatable\":"
                + "{\"cpu\":\"2\",\"memory\":\"1Gi\",\"pods\":\"3\"}}}");
    return spec(
        submit(
            Resources.NODES.key("", name),
            new Command.CreateObject(MemoryStore.request("create", "Node", ""), Json.bytes(body))));
  }

  private ObjectKey pod(String name, String cpu, String more) {
    ObjectKey key = Resources.PODS.key("default", name);
    ObjectNode body =
        Json.parse(
            ("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'"
                    + name
                    + "','namespace':'default'},'spec':{'containers':[{"
                    + "'name':'c','image':'i','resources':{'requests':{'cpu':'"
                    + cpu
                    + "'}}"
                    + more
                    + "}]}}")
                .replace('\'', '"'));
    assertThat(
            submit(
                key,
                new Command.CreateObject(
                    MemoryStore.request("create", "Pod", ""), Json.bytes(body))))
        .isInstanceOf(Outcome.Done.class);
    return key;
  }

  private Outcome bind(ObjectKey pod, String node) {
    ObjectNode binding =
        Json.parse(
            "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"target\":{\"kind\":\"Node\",\"name\":\""
                + node
                + "\"}}");
    return submit(
        pod,
        new Command.PostSubresource(
            MemoryStore.request("create", "Pod", "binding"), Json.bytes(binding)));
  }

  @Test
  void shouldLetTheNodeRefuseABinding() {
    node("n1");
    assertThat(bind(pod("a", "1500m", ""), "n1")).isInstanceOf(Outcome.Done.class);
    ObjectKey tooMuch = pod("b", "600m", "");

    assertThat(refusal(bind(tooMuch, "n1"))).endsWith("node has no room: Insufficient cpu");

    delete(Resources.PODS.key("default", "a"));
    assertThat(bind(tooMuch, "n1")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void shouldRefuseHostPortsAndTooManyPods() {
    node("n1");
    String port = ",'ports':[{'hostPort':80,'containerPort':80}]";
    bind(pod("a", "0", port), "n1");
    assertThat(refusal(bind(pod("b", "0", port), "n1"))).contains("free ports");
    bind(pod("c", "0", ""), "n1");
    bind(pod("d", "0", ""), "n1");
    assertThat(refusal(bind(pod("e", "0", ""), "n1"))).contains("Too many pods");
  }

  @Test
  void shouldLetTheNodeKeepPodsApart() {
    ObjectNode apart =
        Json.parse(
            ("{'metadata':{'name':'a','namespace':'x','labels':{'app':'a','hash':'1'}},'spec':{'affinity':"
                    + "{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':"
                    + "'kubernetes.io/hostname','matchLabelKeys':['hash'],'labelSelector':{'matchLabels':{'app':'b'}}}]}}}}")
                .replace('\'', '"'));
    ObjectNode other =
        Json.parse(
            "{'metadata':{'name':'b','namespace':'x','labels':{'app':'b','hash':'1'}}}"
                .replace('\'', '"'));
    ObjectNode elsewhere = other.deepCopy();
    Json.ensure(elsewhere, "metadata").put("namespace", "y");
    ObjectNode newer = other.deepCopy();
    Json.ensure(newer, "metadata", "labels").put("hash", "2");
    ObjectNode claim = CapacityRule.wanted(apart, false, 0);

    assertThat(Apart.mustBe(claim, CapacityRule.wanted(other, false, 0))).isTrue();
    assertThat(Apart.mustBe(claim, CapacityRule.wanted(elsewhere, false, 0))).isFalse();
    assertThat(Apart.mustBe(claim, CapacityRule.wanted(newer, false, 0))).isFalse();
    assertThat(Apart.mustBe(CapacityRule.wanted(other, false, 0), claim)).isFalse();
  }

  @Test
  void shouldKeepTheRoomOfABoundPodWhenASecondBindingIsRefused() {
    node("n1");
    ObjectKey pod = pod("a", "1", "");
    bind(pod, "n1");

    assertThat(bind(pod, "n1")).isInstanceOf(Outcome.Refused.class);

    assertThat(memory.ledgers.count("node-capacity")).isEqualTo(1);
  }

  @Test
  void shouldGiveTheRoomOfFinishedPodsBack() {
    node("n1");
    ObjectKey pod = pod("a", "1", "");
    bind(pod, "n1");

    submit(
        pod,
        new Command.PatchObject(
            MemoryStore.request("patch", "Pod", "status"),
            PatchType.MERGE,
            Json.bytes(Json.parse("{\"status\":{\"phase\":\"Succeeded\"}}")),
            false));

    assertThat(memory.ledgers.count("node-capacity")).isZero();
  }

  @Test
  void shouldSweepLeakedRoom() {
    node("n1");
    ObjectKey pod = pod("a", "1", "");
    bind(pod, "n1");
    ObjectKey stays = pod("b", "1", "");
    bind(stays, "n1");
    memory.objects.remove(pod.toString());

    new LeakSweep(memory).run(nowMillis + 2 * ServiceLedgers.LEAK_AGE_MILLIS);

    assertThat(memory.ledgers.count("node-capacity")).isEqualTo(1);
  }
}
