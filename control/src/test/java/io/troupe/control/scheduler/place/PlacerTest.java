package io.troupe.control.scheduler.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.allocation.Demand;
import io.troupe.control.scheduler.Objects;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.Selector;
import io.troupe.control.scheduler.snapshot.Snapshot;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlacerTest {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private final Snapshot snapshot = new Snapshot();
  private final Placer placer = new Placer(snapshot);

  private void node(String name, String zone, String more) {
    ObjectNode node = Objects.node(name, zone, "4", "8Gi", 10);
    if (!more.isEmpty()) {
      ((ObjectNode) node.get("spec")).setAll(Objects.json("{" + more + "}"));
    }
    snapshot.node(NodeSpec.of(node));
  }

  private static PodInfo info(ObjectNode pod) {
    return PodInfo.of(pod, PodShape.of(pod));
  }

  private static PodInfo pod(String name, String cpu, String spec) {
    return info(Objects.pod(name, cpu, "1Gi", spec));
  }

  private String place(PodInfo pod) {
    return switch (placer.place(pod, 1)) {
      case Placement.Placed placed -> placed.node();
      case Placement.NoFit(Diagnosis diagnosis) ->
          diagnosis.message(placer.preempt(pod, diagnosis, 1).message());
    };
  }

  private String put(PodInfo pod) {
    String node = place(pod);
    snapshot.place(pod.on(node));
    return node;
  }

  private static String affinity(String sort, String key, String app) {
    return "'affinity':{'%s':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'%s','labelSelector':{'matchLabels':{'app':'%s'}}}]}}"
        .formatted(sort, key, app);
  }

  private static String spread(int minDomains) {
    return "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'%s','whenUnsatisfiable':'DoNotSchedule','minDomains':%d,'labelSelector':{'matchLabels':{'app':'web'}}}]"
        .formatted(ZONE, minDomains);
  }

  static Stream<Arguments> refusals() {
    String hopeless =
        " preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
    String noVictims =
        " preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
    return Stream.of(
        arguments(
            "'nodeSelector':{'disk':'ssd'}",
            "100m",
            "3 node(s) didn't match Pod's node affinity/selector." + hopeless),
        arguments("", "5", "3 Insufficient cpu." + hopeless),
        arguments(
            affinity("podAffinity", ZONE, "nobody"),
            "1",
            "3 node(s) didn't match pod affinity rules." + hopeless),
        arguments(
            affinity("podAntiAffinity", ZONE, "old"),
            "1",
            "3 node(s) didn't match pod anti-affinity rules." + noVictims),
        arguments(
            "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':['n9']}]}]}}}",
            "1",
            "3 node(s) didn't satisfy plugin(s) [NodeAffinity]." + hopeless),
        arguments(
            "'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'data'}}]",
            "1",
            "persistentvolumeclaim \"data\" not found." + hopeless),
        arguments(
            "'preemptionPolicy':'Never'",
            "3500m",
            "3 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never."));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void shouldWordRefusalsAsUpstream(String spec, String cpu, String message) {
    for (int i = 0; i < 3; i++) {
      node("n" + i, "z" + i, "");
      snapshot.place(pod("old", "1", "").on("n" + i));
    }
    assertThat(place(pod("web", cpu, spec))).isEqualTo("0/3 nodes are available: " + message);
  }

  @Test
  void shouldCountReasonsOfDifferentNodesInOrder() {
    node("n1", "z1", "'unschedulable':true");
    node("n2", "z1", "'taints':[{'key':'a','effect':'NoSchedule'}]");
    node("n3", "z1", "'taints':[{'key':'b','effect':'NoExecute'}]");

    assertThat(place(pod("web", "1", "")))
        .startsWith(
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated"
                + " taint(s).");
  }

  @Test
  void shouldTolerateTaints() {
    node("n1", "z1", "'taints':[{'key':'a','value':'x','effect':'NoSchedule'}]");

    assertThat(place(pod("web", "1", "'tolerations':[{'key':'a','operator':'Equal','value':'x'}]")))
        .isEqualTo("n1");
  }

  @Test
  void shouldPreferNodesWithoutSoftTaints() {
    node("n1", "z1", "'taints':[{'key':'a','effect':'PreferNoSchedule'}]");
    node("n2", "z1", "");
    snapshot.place(pod("old", "1", "").on("n2"));

    assertThat(place(pod("web", "1", ""))).isEqualTo("n2");
  }

  @Test
  void shouldPreferNodesByWeight() {
    node("n1", "z1", "");
    node("n2", "z2", "");

    assertThat(
            place(
                pod(
                    "web",
                    "1",
                    "'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':5,'preference':{'matchExpressions':[{'key':'topology.kubernetes.io/zone','operator':'In','values':['z2']}]}}]}}")))
        .isEqualTo("n2");
  }

  @Test
  void shouldPreferTheEmptierNode() {
    node("n1", "z1", "");
    node("n2", "z1", "");
    snapshot.place(pod("old", "2", "").on("n1"));

    assertThat(place(pod("web", "1", ""))).isEqualTo("n2");
  }

  @Test
  void shouldSpreadAPodOfAServiceByDefault() {
    for (int i = 0; i < 4; i++) {
      node("n" + i, "z" + i % 2, "");
    }
    snapshot
        .workloads()
        .service("default", "web", Selector.ofLabels(Objects.json("{'app':'web'}")));
    Set<String> nodes = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(put(pod("web-" + i, "0", "")));
    }
    assertThat(nodes).hasSize(4);
  }

  @Test
  void shouldHonourMinDomains() {
    node("n1", "z1", "");
    node("n2", "z2", "");
    put(pod("web-1", "100m", spread(3)));
    put(pod("web-2", "100m", spread(3)));

    assertThat(place(pod("web-3", "100m", spread(3))))
        .startsWith(
            "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.");
    assertThat(place(pod("web-3", "100m", spread(2)))).startsWith("n");
  }

  @Test
  void shouldNotSpreadOverNodesWithoutTheLabel() {
    ObjectNode bare = Objects.node("n1");
    ((ObjectNode) bare.at("/metadata/labels")).remove(ZONE);
    snapshot.node(NodeSpec.of(bare));

    assertThat(place(pod("web", "1", spread(1))))
        .contains(
            "1 node(s) didn't match pod topology spread constraints (missing required label)");
  }

  @Test
  void shouldLetTheFirstOfAGroupGoAnywhereAndKeepTheRestNear() {
    for (int i = 0; i < 6; i++) {
      node("n" + i, "z" + i % 3, "");
    }
    String together = affinity("podAffinity", ZONE, "web");
    int zone = put(pod("web-0", "1", together)).charAt(1) % 3;
    for (int i = 1; i < 4; i++) {
      assertThat(put(pod("web-" + i, "1", together)).charAt(1) % 3).isEqualTo(zone);
    }
  }

  @Test
  void shouldRespectTheAntiAffinityOfPlacedPods() {
    node("n1", "z1", "");
    snapshot.place(pod("old", "1", affinity("podAntiAffinity", ZONE, "web")).on("n1"));

    assertThat(place(pod("web", "1", "")))
        .contains("1 node(s) didn't satisfy existing pods anti-affinity rules");
  }

  @Test
  void shouldHonourNamespaceSelectors() {
    node("n1", "z1", "");
    snapshot.namespace("default", Map.of("team", "a"));
    snapshot.place(pod("old", "1", "").on("n1"));
    String away =
        "'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'%s','namespaceSelector':{'matchLabels':{'team':'%s'}},'labelSelector':{}}]}}";

    assertThat(place(pod("web", "1", away.formatted(ZONE, "b")))).isEqualTo("n1");
    assertThat(place(pod("web", "1", away.formatted(ZONE, "a")))).contains("anti-affinity");
    snapshot.namespace("default", Map.of("team", "c"));
    assertThat(place(pod("web", "1", away.formatted(ZONE, "a")))).isEqualTo("n1");
  }

  @Test
  void shouldRefuseTakenHostPorts() {
    node("n1", "z1", "");
    ObjectNode json = Objects.pod("web-1");
    ((ObjectNode) json.at("/spec/containers/0"))
        .set("ports", Objects.json("{'p':[{'hostPort':80,'containerPort':80}]}").get("p"));
    put(info(json));
    ObjectNode other = json.deepCopy();
    Json.ensure(other, "metadata").put("uid", "other");

    assertThat(place(info(other)))
        .contains("1 node(s) didn't have free ports for the requested pod ports");
  }

  @Test
  void shouldFollowTheVolume() {
    node("n1", "z1", "");
    node("n2", "z2", "");
    snapshot
        .volumes()
        .claim(
            "default",
            "data",
            Objects.json(
                "{'metadata':{'name':'data','namespace':'default','annotations':{'pv.kubernetes.io/bind-completed':'yes'}},'spec':{'volumeName':'pv'}}"));
    assertThat(place(pod("db", "1", volume("data")))).contains("non-existent pv");
    snapshot
        .volumes()
        .volume(
            "pv",
            Objects.json(
                "{'metadata':{'name':'pv'},'spec':{'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'kubernetes.io/hostname','operator':'In','values':['n2']}]}]}}}}"));

    assertThat(place(pod("db", "1", volume("data")))).isEqualTo("n2");
  }

  private static String volume(String claim) {
    return "'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'" + claim + "'}}]";
  }

  @Test
  void shouldSpareBudgetsAndTakeTheLeastImportantVictims() {
    node("n1", "z1", "");
    node("n2", "z1", "");
    PodInfo guarded = pod("guarded", "3", "'priority':1").on("n1");
    PodInfo free = pod("free", "3", "'priority':2").on("n2");
    snapshot.place(guarded);
    snapshot.place(free);
    snapshot
        .budgets()
        .set(
            "default",
            "b",
            Objects.json(
                "{'spec':{'selector':{'matchLabels':{'app':'guarded'}}},'status':{'disruptionsAllowed':0}}"));
    PodInfo high = pod("high", "2", "'priority':10");

    assertThat(place(high))
        .isEqualTo(
            "0/2 nodes are available: 2 Insufficient cpu. preemption: found a potential placement"
                + " for pod on node n2, preempting 1 victims");
  }

  @Test
  void shouldKeepRoomForNominatedPods() {
    node("n1", "z1", "");
    PodInfo high = pod("high", "3", "'priority':10").nominatedTo("n1");
    snapshot.nominate(high, "n1");

    assertThat(place(pod("low", "2", ""))).contains("1 Insufficient cpu");
    assertThat(place(high)).isEqualTo("n1");
    assertThat(place(pod("higher", "2", "'priority':20"))).isEqualTo("n1");
  }

  @Test
  void shouldScoreResourcesAsUpstream() {
    // Values of upstream's own tests of least and balanced allocation.
    assertThat(Scorer.leastAllocated(3000, 4000, 5000, 10000)).isEqualTo(37);
    assertThat(Scorer.leastAllocated(0, 4000, 0, 10000)).isEqualTo(100);
    Demand has = new Demand(10000, 20000, 0, Map.of());
    Demand used = new Demand(3000, 0, 0, Map.of());
    assertThat(Scorer.balance(used, new Demand(3000, 5000, 0, Map.of()), has)).isEqualTo(73);
  }

  @Test
  void shouldLookAtFewerNodesAsClustersGrow() {
    assertThat(Placer.enough(50)).isEqualTo(50);
    assertThat(Placer.enough(1000)).isEqualTo(420);
    assertThat(Placer.enough(5000)).isEqualTo(500);
    assertThat(Placer.enough(20000)).isEqualTo(1000);
  }
}
