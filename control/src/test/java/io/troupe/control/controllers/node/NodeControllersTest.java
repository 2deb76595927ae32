package io.troupe.control.controllers.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Times;
import io.troupe.control.controllers.runtime.Harness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeControllersTest {
  private final Harness harness =
      new Harness(
          new NodeLifecycleController(NodeTimes.DEFAULT),
          new TaintEvictionController(),
          new PodGarbageController(NodeTimes.DEFAULT, 3));

  private void node(String name) {
    harness.create(
        Resources.NODES,
        """
        {'apiVersion':'v1','kind':'Node','metadata':{'name':'%s','labels':{'kubernetes.io/os':'linux'}},
         'spec':{}}
        """
            .formatted(name));
    harness.create(
        Resources.LEASES,
        """
        {'apiVersion':'coordination.k8s.io/v1','kind':'Lease',
         'metadata':{'namespace':'kube-node-lease','name':'%s'},'spec':{'renewTime':'0'}}
        """
            .formatted(name));
    harness.patchStatus(
        Resources.NODES,
        "",
        name,
        """
        {'status':{'conditions':[{'type':'Ready','status':'True','lastHeartbeatTime':'%s',
         'lastTransitionTime':'%s','reason':'KubeletReady'}]}}
        """
            .formatted(Times.format(harness.cluster.now()), Times.format(harness.cluster.now())));
  }

  private void renew(String name) {
    harness.patch(
        Resources.LEASES,
        "kube-node-lease",
        name,
        "{'spec':{'renewTime':'" + harness.cluster.now() + "'}}");
  }

  private void pod(String name, String node, String tolerations) {
    harness.create(
        Resources.PODS,
        """
        {'apiVersion':'v1','kind':'Pod','metadata':{'namespace':'x','name':'%s'},
         'spec':{'nodeName':'%s','tolerations':[%s]}}
        """
            .formatted(name, node, tolerations));
    harness.settle();
  }

  private static final String FIVE_MINUTES =
      """
      {'key':'node.kubernetes.io/not-ready','operator':'Exists','effect':'NoExecute',
       'tolerationSeconds':300},
      {'key':'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoExecute',
       'tolerationSeconds':300}
      """;

  /** Lets time pass while the named nodes renew their leases. */
  private void pass(Duration time, String... alive) {
    long seconds = time.toSeconds();
    for (long at = 0; at < seconds; at += 10) {
      for (String node : alive) {
        renew(node);
      }
      harness.advance(Duration.ofSeconds(Math.min(10, seconds - at)));
    }
  }

  private ObjectNode get(String node) {
    return harness.get(Resources.NODES, "", node);
  }

  private List<String> taints(String node) {
    return Json.items(get(node), "spec", "taints").stream()
        .map(
            t ->
                Json.text(t, "key").substring("node.kubernetes.io/".length())
                    + ":"
                    + Json.text(t, "effect"))
        .toList();
  }

  @Test
  void shouldTaintASilentNodeAndEvictItsPodsAfterTheirTolerations() {
    node("n1");
    node("n2");
    pod("patient", "n2", FIVE_MINUTES);
    pod("stubborn", "n2", "{'operator':'Exists'}");
    pod("other", "n1", FIVE_MINUTES);
    assertThat(harness.events())
        .contains("RegisteredNode: Node n2 event: Registered Node n2 in Controller");
    harness.kubelet().kill("n2");
    pass(Duration.ofSeconds(50), "n1");
    assertThat(Taints.ready(get("n2"))).isEqualTo("True");
    pass(Duration.ofSeconds(1), "n1");
    assertThat(Conditions.reason(get("n2"), "Ready")).isEqualTo("NodeStatusUnknown");
    assertThat(taints("n2")).containsExactly("unreachable:NoSchedule", "unreachable:NoExecute");
    assertThat(taints("n1")).isEmpty();
    assertThat(Pods.isReady(harness.get(Resources.PODS, "x", "patient"))).isFalse();
    assertThat(Pods.isReady(harness.get(Resources.PODS, "x", "other"))).isTrue();
    assertThat(harness.events()).contains("NodeNotReady: Node n2 status is now: NodeNotReady");

    pass(Duration.ofSeconds(298), "n1");
    assertThat(Meta.isDeleting(harness.get(Resources.PODS, "x", "patient"))).isFalse();
    pass(Duration.ofSeconds(5), "n1");
    ObjectNode patient = harness.get(Resources.PODS, "x", "patient");
    assertThat(Meta.isDeleting(patient)).isTrue();
    assertThat(Conditions.reason(patient, "DisruptionTarget")).isEqualTo("DeletionByTaintManager");
    assertThat(Meta.isDeleting(harness.get(Resources.PODS, "x", "stubborn"))).isFalse();
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldTakeTheTaintsOffWhenTheNodeSpeaksAgain() {
    node("n1");
    node("n2");
    pod("patient", "n2", FIVE_MINUTES);
    harness.kubelet().kill("n2");
    pass(Duration.ofSeconds(60), "n1");
    assertThat(taints("n2")).hasSize(2);
    harness.patchStatus(
        Resources.NODES,
        "",
        "n2",
        "{'status':{'conditions':[{'type':'Ready','status':'True','lastHeartbeatTime':'later'}]}}");
    pass(Duration.ofSeconds(400), "n1", "n2");
    assertThat(taints("n2")).isEmpty();
    assertThat(Meta.isDeleting(harness.get(Resources.PODS, "x", "patient"))).isFalse();
    assertThat(harness.events())
        .contains("TaintManagerEviction: Cancelling deletion of Pod x/patient");
  }

  @Test
  void shouldEvictNothingWhenEveryNodeIsSilent() {
    node("n1");
    node("n2");
    pod("patient", "n2", FIVE_MINUTES);
    harness.kubelet().kill("n2");
    pass(Duration.ofSeconds(500));
    assertThat(taints("n2")).containsExactly("unreachable:NoSchedule");
    assertThat(Meta.isDeleting(harness.get(Resources.PODS, "x", "patient"))).isFalse();
  }

  @Test
  void shouldEvictNodesOfAZoneOneAfterTheOther() {
    for (String name : List.of("n1", "n2", "n3", "n4", "n5", "n6")) {
      node(name);
    }
    harness.settle();
    pass(Duration.ofSeconds(52), "n1", "n2", "n3", "n4");
    long first = List.of("n5", "n6").stream().filter(n -> taints(n).size() == 2).count();
    assertThat(first).isEqualTo(1);
    pass(Duration.ofSeconds(12), "n1", "n2", "n3", "n4");
    assertThat(taints("n5")).hasSize(2);
    assertThat(taints("n6")).hasSize(2);
  }

  @Test
  void shouldRemovePodsOfANodeThatIsGoneAfterQuarantine() {
    node("n1");
    node("n2");
    pod("lost", "n2", "");
    harness.kubelet().kill("n2");
    harness.delete(Resources.NODES, "", "n2", "");
    harness.settle();
    assertThat(harness.events())
        .contains("RemovingNode: Node n2 event: Removing Node n2 from Controller");
    pass(Duration.ofSeconds(39), "n1");
    assertThat(harness.list(Resources.PODS, "x")).hasSize(1);
    pass(Duration.ofSeconds(2), "n1");
    assertThat(harness.list(Resources.PODS, "x")).isEmpty();
  }

  @Test
  void shouldRemoveFinishedPodsBeyondTheirNumber() {
    node("n1");
    harness.kubelet().completeIf(pod -> true);
    for (int i = 0; i < 5; i++) {
      pod("p" + i, "n1", "");
    }
    pass(Duration.ofSeconds(21), "n1");
    assertThat(Harness.names(harness.list(Resources.PODS, "x"))).containsExactly("p2", "p3", "p4");
  }

  @Test
  void shouldKeepOldLabels() {
    node("n1");
    harness.settle();
    assertThat(Meta.labels(get("n1"))).containsEntry("beta.kubernetes.io/os", "linux");
  }
}
