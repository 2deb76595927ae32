package io.troupe.control.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.Tables.IncludeObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for a sound object of every kind. */
class EveryKindTest {
  private static final String TEMPLATE =
      "'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}";
  private static final String ONCE =
      "'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}";
  private static final String SELECTED = "'selector':{'matchLabels':{'a':'b'}}," + TEMPLATE;
  private static final String CSR =
      Base64.getEncoder()
          .encodeToString(
              "-----BEGIN CERTIFICATE REQUEST-----\n".getBytes(StandardCharsets.US_ASCII));

  /** apiVersion, kind, name, what follows metadata. */
  record Sample(String apiVersion, String kind, String name, String fields) {
    String body() {
      return "{'apiVersion':'%s','kind':'%s','metadata':{'name':'%s'}%s}"
          .formatted(apiVersion, kind, name, fields.isEmpty() ? "" : "," + fields);
    }

    @Override
    public String toString() {
      return apiVersion + " " + kind;
    }
  }

  static Stream<Sample> samples() {
    List<Sample> all = new ArrayList<>();
    add(all, "v1", "ConfigMap", "'data':{'a':'b'}");
    add(all, "v1", "Secret", "'stringData':{'a':'b'}");
    add(all, "v1", "ServiceAccount", "");
    add(all, "v1", "Pod", "'spec':{'containers':[{'name':'c','image':'i'}]}");
    add(all, "v1", "PodTemplate", TEMPLATE);
    add(all, "v1", "ReplicationController", "'spec':{'selector':{'a':'b'}," + TEMPLATE + "}");
    add(all, "v1", "Service", "'spec':{'clusterIP':'10.0.0.1','ports':[{'port':80}]}");
    add(
        all,
        "v1",
        "Endpoints",
        "'subsets':[{'addresses':[{'ip':'10.1.1.1'}],'ports':[{'port':1}]}]");
    add(all, "v1", "LimitRange", "'spec':{'limits':[{'type':'Container','max':{'cpu':'1'}}]}");
    add(all, "v1", "ResourceQuota", "'spec':{'hard':{'pods':'4','requests.cpu':'1'}}");
    add(
        all,
        "v1",
        "PersistentVolumeClaim",
        "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}");
    add(
        all,
        "v1",
        "PersistentVolume",
        "'spec':{'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'},'hostPath':{'path':'/x'}}");
    add(all, "v1", "Node", "'status':{'capacity':{'cpu':'2','memory':'1Gi','pods':'10'}}");
    add(all, "v1", "Namespace", "");
    add(
        all,
        "v1",
        "Event",
        "'involvedObject':{'namespace':'shop','kind':'Pod','name':'p'},'reason':'R','message':'m','type':'Normal'");
    add(
        all,
        "events.k8s.io/v1",
        "Event",
        "'regarding':{'namespace':'shop','kind':'Pod','name':'p'},'reason':'R','note':'m','type':'Normal',"
            + "'eventTime':'2026-01-01T00:00:00.000000Z','action':'A','reportingController':'c/d','reportingInstance':'i'");
    add(all, "apps/v1", "Deployment", "'spec':{" + SELECTED + "}");
    add(all, "apps/v1", "ReplicaSet", "'spec':{" + SELECTED + "}");
    add(all, "apps/v1", "DaemonSet", "'spec':{" + SELECTED + "}");
    add(all, "apps/v1", "StatefulSet", "'spec':{'serviceName':'s'," + SELECTED + "}");
    add(all, "apps/v1", "ControllerRevision", "'revision':1,'data':{'a':1}");
    add(all, "batch/v1", "Job", "'spec':{" + ONCE + "}");
    add(
        all,
        "batch/v1",
        "CronJob",
        "'spec':{'schedule':'*/5 * * * *','jobTemplate':{'spec':{" + ONCE + "}}}");
    add(all, "coordination.k8s.io/v1", "Lease", "'spec':{'holderIdentity':'h'}");
    add(
        all,
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "'addressType':'IPv4','endpoints':[{'addresses':['10.1.1.1']}],'ports':[{'port':80}]");
    add(
        all,
        "networking.k8s.io/v1",
        "Ingress",
        "'spec':{'rules':[{'host':'a.b','http':{'paths':[{'path':'/','pathType':'Prefix','backend':"
            + "{'service':{'name':'s','port':{'number':80}}}}]}}]}");
    add(all, "networking.k8s.io/v1", "IngressClass", "'spec':{'controller':'a.io/c'}");
    add(all, "networking.k8s.io/v1", "NetworkPolicy", "'spec':{'podSelector':{},'egress':[{}]}");
    all.add(
        new Sample(
            "networking.k8s.io/v1",
            "IPAddress",
            "10.0.0.1",
            "'spec':{'parentRef':{'resource':'services','namespace':'shop','name':'s'}}"));
    add(all, "networking.k8s.io/v1", "ServiceCIDR", "'spec':{'cidrs':['10.0.0.0/24']}");
    add(all, "policy/v1", "PodDisruptionBudget", "'spec':{'minAvailable':1}");
    add(all, "scheduling.k8s.io/v1", "PriorityClass", "'value':10");
    String target = "'scaleTargetRef':{'kind':'Deployment','name':'d'},'maxReplicas':3";
    add(all, "autoscaling/v2", "HorizontalPodAutoscaler", "'spec':{" + target + "}");
    add(
        all,
        "autoscaling/v1",
        "HorizontalPodAutoscaler",
        "'spec':{'targetCPUUtilizationPercentage':50," + target + "}");
    add(all, "storage.k8s.io/v1", "StorageClass", "'provisioner':'a.io/p'");
    add(all, "storage.k8s.io/v1", "CSIDriver", "'spec':{}");
    add(all, "storage.k8s.io/v1", "CSINode", "'spec':{'drivers':[]}");
    add(
        all,
        "storage.k8s.io/v1",
        "VolumeAttachment",
        "'spec':{'attacher':'a','nodeName':'n','source':{'persistentVolumeName':'v'}}");
    add(all, "storage.k8s.io/v1", "CSIStorageCapacity", "'storageClassName':'s','capacity':'1Gi'");
    String rbac = "rbac.authorization.k8s.io/v1";
    String rules = "'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':['get']}]";
    add(all, rbac, "Role", rules);
    add(all, rbac, "ClusterRole", rules);
    String binding =
        "'roleRef':{'kind':'ClusterRole','name':'r'},'subjects':[{'kind':'User','name':'u'}]";
    add(all, rbac, "RoleBinding", binding);
    add(all, rbac, "ClusterRoleBinding", binding);
    add(
        all,
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        "'spec':{'signerName':'a.io/s','usages':['client auth'],'request':'" + CSR + "'}");
    add(all, "node.k8s.io/v1", "RuntimeClass", "'handler':'h'");
    all.add(
        new Sample(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "things.a.io",
            "'spec':{'group':'a.io','scope':'Namespaced','names':{'plural':'things','kind':'Thing'},"
                + "'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}"));
    all.add(
        new Sample(
            "apiregistration.k8s.io/v1",
            "APIService",
            "v1.a.io",
            "'spec':{'group':'a.io','version':'v1','groupPriorityMinimum':1,'versionPriority':1}"));
    String hook =
        "'webhooks':[{'name':'a.b.io','admissionReviewVersions':['v1'],'sideEffects':'None',"
            + "'clientConfig':{'service':{'namespace':'n','name':'s'}},'rules':[{'operations':['*'],"
            + "'apiGroups':['*'],'apiVersions':['*'],'resources':['*']}]}]";
    add(all, "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", hook);
    add(all, "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", hook);
    String flow = "flowcontrol.apiserver.k8s.io/v1";
    add(all, flow, "FlowSchema", "'spec':{'priorityLevelConfiguration':{'name':'p'}}");
    add(
        all,
        flow,
        "PriorityLevelConfiguration",
        "'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Queue','queuing':{}}}}");
    return all.stream();
  }

  private static void add(List<Sample> all, String apiVersion, String kind, String fields) {
    all.add(new Sample(apiVersion, kind, "x", fields));
  }

  private static Bench created(Sample sample) {
    Bench bench = new Bench(sample.apiVersion(), sample.kind(), sample.name());
    bench.world.with(Resources.PRIORITY_CLASSES, "{'metadata':{'name':'other'},'value':3}");
    return bench.created(sample.body());
  }

  private static ObjectNode shown(Bench bench) {
    return Versions.toRequested(bench.kind, bench.current);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldKeepAnObjectThatComesBackUnchanged(Sample sample) {
    Bench bench = created(sample);
    bench.now += 5_000;
    assertThat(bench.replace("", shown(bench))).isInstanceOf(Decision.Keep.class);
    assertThat(bench.merge("", "{}")).isInstanceOf(Decision.Keep.class);
    if (bench.kind.has("status")) {
      assertThat(bench.replace("status", shown(bench))).isInstanceOf(Decision.Keep.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldDecideTheSameTwice(Sample sample) {
    assertThat(created(sample).current).isEqualTo(created(sample).current);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldStoreALabelWithoutANewGeneration(Sample sample) {
    Bench bench = created(sample);
    long generation = bench.generation();
    assertThat(bench.merge("", "{'metadata':{'labels':{'l':'v'}}}"))
        .isInstanceOf(Decision.Store.class);
    if (!sample.kind().equals("EndpointSlice")) {
      assertThat(bench.generation()).isEqualTo(generation);
    }
  }

  /** A second apply changes nothing, unless the first owned nothing (as upstream has it). */
  @ParameterizedTest
  @MethodSource("samples")
  void shouldApplyOnce(Sample sample) {
    Bench bench = new Bench(sample.apiVersion(), sample.kind(), sample.name());
    var apply =
        new Command.PatchObject(
            bench.request("patch", ""), PatchType.APPLY, Bench.bytes(sample.body()), false);
    assertThat(bench.decide(apply)).isInstanceOf(Decision.Store.class);
    for (var entry : Json.items(bench.current, "metadata", "managedFields")) {
      assertThat(entry.path("operation").asText()).isEqualTo("Apply");
    }
    if (bench.current.path("metadata").has("managedFields")) {
      assertThat(bench.decide(apply)).isInstanceOf(Decision.Keep.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldShowACellForEachColumn(Sample sample) {
    Bench bench = created(sample);
    ObjectNode table =
        new Tables(Bench.STRATEGIES)
            .render(bench.kind, List.of(bench.current), bench.now + 90_000, IncludeObject.METADATA);
    assertThat(table.path("rows").get(0).path("cells"))
        .hasSameSizeAs(table.path("columnDefinitions"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldGoWhenNothingHoldsIt(Sample sample) {
    Bench bench = created(sample);
    Decision decision = bench.delete(new DeleteOptions(0, "Background", "", ""));
    boolean held =
        List.of("Namespace", "PersistentVolume", "PersistentVolumeClaim").contains(sample.kind());
    assertThat(decision).isInstanceOf(held ? Decision.Store.class : Decision.Remove.class);
  }
}
