package io.troupe.control.kinds;

import static io.troupe.control.kinds.Bench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Decision;
import org.junit.jupiter.api.Test;

class SubresourceTest {
  private static final String DEPLOYMENT =
      "{'metadata':{'name':'d'},'spec':{'replicas':2,'selector':{'matchLabels':{'a':'b'}},'template':"
          + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}";

  @Test
  void shouldScaleADeployment() {
    Bench bench = new Bench("apps/v1", "Deployment", "d").created(DEPLOYMENT);
    ObjectNode scale =
        Bench.DECIDER.view(bench.key, bench.current, bench.request("get", "scale")).orElseThrow();
    assertThat(Json.text(scale, "kind")).isEqualTo("Scale");
    assertThat(Json.number(scale, 0, "spec", "replicas")).isEqualTo(2);
    assertThat(Json.text(scale, "status", "selector")).isEqualTo("a=b");
    assertThat(bench.merge("scale", "{'spec':{'replicas':5}}")).isInstanceOf(Decision.Store.class);
    assertThat(bench.at("spec", "replicas")).isEqualTo("5");
    assertThat(bench.generation()).isEqualTo(2);
    assertThat(refusal(bench.merge("scale", "{'spec':{'replicas':-1}}")).message())
        .isEqualTo(
            "Scale.autoscaling \"d\" is invalid: spec.replicas: Invalid value: -1: must be greater"
                + " than or equal to 0");
    assertThat(refusal(bench.replace("scale", scale)).reason()).isEqualTo("Conflict");
  }

  @Test
  void shouldKeepADeletedNamespaceUntilItIsFinalized() {
    Bench bench = new Bench("v1", "Namespace", "n").created("{'metadata':{'name':'n'}}");
    assertThat(bench.at("metadata", "labels", "kubernetes.io/metadata.name")).isEqualTo("n");
    assertThat(bench.at("status", "phase")).isEqualTo("Active");
    assertThat(bench.delete(DeleteOptions.DEFAULT)).isInstanceOf(Decision.Store.class);
    assertThat(bench.at("status", "phase")).isEqualTo("Terminating");
    assertThat(Meta.isDeleting(bench.current)).isTrue();
    ObjectNode done = bench.current.deepCopy();
    Json.ensure(done, "spec").remove("finalizers");
    assertThat(bench.replace("finalize", done)).isInstanceOf(Decision.Remove.class);
  }

  @Test
  void shouldProtectTheDefaultNamespace() {
    Bench bench =
        new Bench("v1", "Namespace", "default").created("{'metadata':{'name':'default'}}");
    assertThat(refusal(bench.delete(DeleteOptions.DEFAULT)).message())
        .isEqualTo("namespaces \"default\" is forbidden: this namespace may not be deleted");
  }

  @Test
  void shouldOrphanTheDependentsOfJobsAndReplicationControllersByDefault() {
    Bench job =
        new Bench("batch/v1", "Job", "j")
            .created(
                "{'metadata':{'name':'j'},'spec':{'template':{'spec':{'restartPolicy':'Never',"
                    + "'containers':[{'name':'c','image':'i'}]}}}}");
    job.delete(DeleteOptions.DEFAULT);
    assertThat(Json.at(job.current, "metadata", "finalizers").toString()).isEqualTo("[\"orphan\"]");
  }

  @Test
  void shouldServeOneEventUnderTwoNames() {
    Bench event =
        new Bench("events.k8s.io/v1", "Event", "e")
            .created(
                "{'metadata':{'name':'e'},'regarding':{'namespace':'shop','kind':'Pod','name':'p'},"
                    + "'reason':'R','note':'hello','type':'Normal'}");
    assertThat(event.at("apiVersion")).isEqualTo("v1");
    assertThat(event.at("message")).isEqualTo("hello");
    assertThat(event.at("involvedObject", "name")).isEqualTo("p");
    assertThat(Json.text(Versions.toRequested(event.kind, event.current), "note"))
        .isEqualTo("hello");
  }

  @Test
  void shouldSelectByFields() {
    FieldSelectors selectors = new FieldSelectors(Bench.STRATEGIES);
    Bench pod = new Bench("v1", "Pod", "p").created(PodDecisionTest.POD);
    assertThat(selectors.value(pod.kind, pod.current, "status.phase")).isEqualTo("Pending");
    assertThat(selectors.value(pod.kind, pod.current, "metadata.name")).isEqualTo("p");
    assertThat(selectors.supported(pod.kind)).contains("spec.nodeName", "metadata.namespace");
    assertThatThrownBy(() -> selectors.value(pod.kind, pod.current, "spec.foo"))
        .hasMessage("field label not supported: spec.foo");
  }

  @Test
  void shouldAskDisruptionBudgetsBeforeAnEviction() {
    Bench pod = new Bench("v1", "Pod", "p").created(PodDecisionTest.POD);
    pod.post("binding", "{'target':{'name':'n1'}}");
    pod.merge("status", "{'status':{'phase':'Running'}}");
    pod.world.with(
        Resources.POD_DISRUPTION_BUDGETS,
        "{'metadata':{'namespace':'shop','name':'b'},'spec':{'selector':{'matchLabels':{'app':'web'}}},"
            + "'status':{'disruptionsAllowed':0,'desiredHealthy':1,'currentHealthy':1}}");
    var refusal = refusal(pod.post("eviction", "{'metadata':{'name':'p'}}"));
    assertThat(refusal.code()).isEqualTo(429);
    assertThat(refusal.causes().getFirst().message())
        .isEqualTo("The disruption budget b needs 1 healthy pods and has 1 currently");
    pod.world = FakeWorld.withShop();
    assertThat(pod.post("eviction", "{'deleteOptions':{'gracePeriodSeconds':7}}"))
        .isInstanceOf(Decision.Store.class);
    assertThat(pod.at("metadata", "deletionGracePeriodSeconds")).isEqualTo("7");
  }

  @Test
  void shouldApproveThroughTheApprovalSubresourceAlone() {
    EveryKindTest.Sample sample =
        EveryKindTest.samples()
            .filter(s -> s.kind().equals("CertificateSigningRequest"))
            .findFirst()
            .orElseThrow();
    Bench csr = new Bench(sample.apiVersion(), sample.kind(), sample.name()).created(sample.body());
    assertThat(csr.at("spec", "username")).isEqualTo("tester");
    String approved = "'status':{'conditions':[{'type':'Approved','status':'True','reason':'r'}]}";
    assertThat(refusal(csr.merge("status", "{" + approved + "}")).message())
        .contains("updates may not add a condition of type \"Approved\"");
    csr.merge("approval", "{'metadata':{'annotations':{'a':'b'}}," + approved + "}");
    assertThat(csr.at("metadata", "annotations", "a")).isEqualTo("b");
    assertThat(csr.current.path("status").path("conditions").get(0).has("lastUpdateTime")).isTrue();
    assertThat(csr.merge("status", "{'status':{'certificate':'AAAA'}}"))
        .isInstanceOf(Decision.Store.class);
  }
}
