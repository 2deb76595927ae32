package io.troupe.control.kinds;

import static io.troupe.control.kinds.Bench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Decision;
import org.junit.jupiter.api.Test;

class PodDecisionTest {
  static final String POD =
      "{'metadata':{'name':'p','labels':{'app':'web'}},'spec':{'containers':[{'name':'c',"
          + "'image':'nginx:1','ports':[{'containerPort':80}],'readinessProbe':{'httpGet':{'port':80}},"
          + "'resources':{'limits':{'cpu':'500m','memory':'64Mi'}},"
          + "'env':[{'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}]}]}}";

  private final Bench pod = new Bench("v1", "Pod", "p");

  @Test
  void shouldDefaultANewPod() {
    pod.created(POD);
    var spec = pod.current.path("spec");
    var container = spec.path("containers").get(0);
    assertThat(Json.text(spec, "restartPolicy")).isEqualTo("Always");
    assertThat(Json.text(spec, "dnsPolicy")).isEqualTo("ClusterFirst");
    assertThat(Json.text(spec, "schedulerName")).isEqualTo("default-scheduler");
    assertThat(Json.text(spec, "serviceAccountName")).isEqualTo("default");
    assertThat(Json.number(spec, 0, "terminationGracePeriodSeconds")).isEqualTo(30);
    assertThat(Json.number(spec, -1, "priority")).isZero();
    assertThat(Json.text(spec, "preemptionPolicy")).isEqualTo("PreemptLowerPriority");
    assertThat(spec.path("tolerations")).hasSize(2);
    assertThat(Json.text(container, "imagePullPolicy")).isEqualTo("IfNotPresent");
    assertThat(Json.text(container.path("ports").get(0), "protocol")).isEqualTo("TCP");
    assertThat(Json.text(container, "readinessProbe", "httpGet", "path")).isEqualTo("/");
    assertThat(Json.text(container, "resources", "requests", "cpu")).isEqualTo("500m");
    assertThat(Json.text(container.path("env").get(0), "valueFrom", "fieldRef", "apiVersion"))
        .isEqualTo("v1");
    assertThat(Json.text(container.path("volumeMounts").get(0), "mountPath"))
        .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
    assertThat(Json.text(spec.path("volumes").get(0), "name")).startsWith("kube-api-access-");
    assertThat(pod.at("status", "phase")).isEqualTo("Pending");
    assertThat(pod.at("status", "qosClass")).isEqualTo("Guaranteed");
    assertThat(pod.generation()).isEqualTo(1);
  }

  @Test
  void shouldKeepAPodThatIsReplacedByItself() {
    pod.created(POD);
    assertThat(pod.replace("", pod.current)).isInstanceOf(Decision.Keep.class);
    assertThat(pod.replace("status", pod.current)).isInstanceOf(Decision.Keep.class);
  }

  @Test
  void shouldAskForAServiceAccountThatExists() {
    pod.world = new FakeWorld().with(Resources.NAMESPACES, "{'metadata':{'name':'shop'}}");
    assertThat(refusal(pod.create(POD)).message())
        .isEqualTo(
            "pods \"p\" is forbidden: error looking up service account shop/default:"
                + " serviceaccount \"default\" not found");
  }

  @Test
  void shouldSayWhatIsWrongWithAPod() {
    assertThat(
            refusal(pod.create("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'A'}]}}"))
                .causes())
        .extracting(c -> c.reason() + " " + c.field() + ": " + c.message())
        .containsExactly(
            "FieldValueInvalid spec.containers[0].name: Invalid value: \"A\": a lowercase RFC 1123"
                + " label must consist of lower case alphanumeric characters or '-', and must start"
                + " and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used"
                + " for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
            "FieldValueRequired spec.containers[0].image: Required value");
  }

  @Test
  void shouldChangeOnlyImagesAndTheLike() {
    pod.created(POD);
    assertThat(pod.merge("", "{'metadata':{'labels':{'x':'y'}}}"))
        .isInstanceOf(Decision.Store.class);
    assertThat(pod.generation()).isEqualTo(1);
    var next = pod.current.deepCopy();
    ((com.fasterxml.jackson.databind.node.ObjectNode) next.path("spec").path("containers").get(0))
        .put("image", "nginx:2");
    assertThat(pod.replace("", next)).isInstanceOf(Decision.Store.class);
    assertThat(pod.generation()).isEqualTo(2);
    assertThat(refusal(pod.merge("", "{'spec':{'hostname':'h'}}")).message())
        .startsWith(
            "Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields other than"
                + " `spec.containers[*].image`,");
  }

  @Test
  void shouldBindOnce() {
    pod.created(POD);
    String binding = "{'metadata':{'name':'p'},'target':{'kind':'Node','name':'n1'}}";
    pod.post("binding", binding);
    assertThat(pod.at("spec", "nodeName")).isEqualTo("n1");
    assertThat(Json.text(pod.current.path("status").path("conditions").get(0), "type"))
        .isEqualTo("PodScheduled");
    assertThat(refusal(pod.post("binding", binding)).message())
        .isEqualTo(
            "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node"
                + " \"n1\"");
  }

  @Test
  void shouldDeleteAnUnscheduledPodAtOnceAndARunningOneGracefully() {
    pod.created(POD);
    assertThat(pod.delete(DeleteOptions.DEFAULT)).isInstanceOf(Decision.Remove.class);
    pod.created(POD);
    pod.post("binding", "{'target':{'name':'n1'}}");
    assertThat(pod.delete(DeleteOptions.DEFAULT)).isInstanceOf(Decision.Store.class);
    assertThat(pod.at("metadata", "deletionTimestamp")).isEqualTo("2026-09-21T14:13:50Z");
    assertThat(pod.at("metadata", "deletionGracePeriodSeconds")).isEqualTo("30");
    assertThat(pod.delete(DeleteOptions.DEFAULT)).isInstanceOf(Decision.Keep.class);
    assertThat(pod.delete(new DeleteOptions(5, "", "", ""))).isInstanceOf(Decision.Store.class);
    assertThat(pod.at("metadata", "deletionTimestamp")).isEqualTo("2026-09-21T14:13:25Z");
    assertThat(Meta.isDeleting(pod.current)).isTrue();
    assertThat(pod.delete(new DeleteOptions(0, "", "", ""))).isInstanceOf(Decision.Remove.class);
  }

  @Test
  void shouldWriteStatusWithoutTouchingTheSpec() {
    pod.created(POD);
    var body = pod.current.deepCopy();
    Json.ensure(body, "spec").put("hostname", "ignored");
    Json.ensure(body, "status").put("phase", "Running");
    assertThat(pod.replace("status", body)).isInstanceOf(Decision.Store.class);
    assertThat(pod.at("status", "phase")).isEqualTo("Running");
    assertThat(pod.current.path("spec").has("hostname")).isFalse();
    assertThat(pod.at("status", "qosClass")).isEqualTo("Guaranteed");
  }

  @Test
  void shouldAddEphemeralContainers() {
    pod.created(POD);
    assertThat(
            pod.merge(
                "ephemeralcontainers",
                "{'spec':{'ephemeralContainers':[{'name':'debug','image':'busybox'}]}}"))
        .isInstanceOf(Decision.Store.class);
    assertThat(
            Json.text(
                pod.current.path("spec").path("ephemeralContainers").get(0), "imagePullPolicy"))
        .isEqualTo("Always");
    assertThat(
            refusal(pod.merge("ephemeralcontainers", "{'spec':{'ephemeralContainers':[]}}"))
                .message())
        .contains("existing ephemeral containers \"debug\" may not be removed");
  }

  @Test
  void shouldEnforceThePodSecurityOfTheNamespace() {
    pod.world =
        new FakeWorld()
            .with(
                Resources.NAMESPACES,
                "{'metadata':{'name':'shop','labels':{'pod-security.kubernetes.io/enforce':'restricted'}}}")
            .with(Resources.SERVICE_ACCOUNTS, "{'metadata':{'namespace':'shop','name':'default'}}");
    assertThat(refusal(pod.create(POD)).message())
        .isEqualTo(
            "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\":"
                + " allowPrivilegeEscalation != false (container \"c\" must set"
                + " securityContext.allowPrivilegeEscalation=false), unrestricted capabilities"
                + " (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]),"
                + " runAsNonRoot != true (pod or container \"c\" must set"
                + " securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must"
                + " set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")");
  }

  @Test
  void shouldSetTheLimitsOfTheNamespaceAndRefuseTooMuch() {
    String plain = "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'%s}]}}";
    pod.world.with(
        Resources.LIMIT_RANGES,
        "{'metadata':{'namespace':'shop','name':'l'},'spec':{'limits':[{'type':'Container',"
            + "'max':{'cpu':'1'},'default':{'cpu':'500m'},'defaultRequest':{'cpu':'100m'}}]}}");
    pod.created(plain.formatted(""));
    var container = pod.current.path("spec").path("containers").get(0);
    assertThat(Json.text(container, "resources", "limits", "cpu")).isEqualTo("500m");
    assertThat(Json.text(container, "resources", "requests", "cpu")).isEqualTo("100m");
    assertThat(pod.at("status", "qosClass")).isEqualTo("Burstable");
    pod.current = null;
    assertThat(
            refusal(pod.create(plain.formatted(",'resources':{'limits':{'cpu':'2'}}"))).message())
        .isEqualTo("pods \"p\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
  }
}
