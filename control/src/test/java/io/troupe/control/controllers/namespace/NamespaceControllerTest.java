package io.troupe.control.controllers.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.ServedResources;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.runtime.Harness;
import io.troupe.control.controllers.serviceaccount.DefaultServiceAccountController;
import io.troupe.control.controllers.serviceaccount.RootCaPublisher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceControllerTest {
  private static final List<Resource> SERVED =
      List.of(
          Resources.NAMESPACES,
          Resources.PODS,
          Resources.CONFIG_MAPS,
          Resources.SERVICE_ACCOUNTS,
          Resources.EVENTS);

  private final Harness harness =
      new Harness(
          new NamespaceController(new ServedResources(() -> SERVED)),
          new DefaultServiceAccountController(),
          new RootCaPublisher(() -> "PEM"));

  private void create() {
    harness.create(
        Resources.NAMESPACES, "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'x'}}");
    harness.settle();
  }

  @Test
  void shouldFurnishANamespaceAndRepairIt() {
    create();
    assertThat(harness.get(Resources.SERVICE_ACCOUNTS, "x", "default")).isNotNull();
    ObjectNode ca = harness.get(Resources.CONFIG_MAPS, "x", "kube-root-ca.crt");
    assertThat(Json.text(ca, "data", "ca.crt")).isEqualTo("PEM");
    harness.patch(Resources.CONFIG_MAPS, "x", "kube-root-ca.crt", "{'data':{'ca.crt':'bad'}}");
    harness.delete(Resources.SERVICE_ACCOUNTS, "x", "default", "");
    harness.settle();
    ca = harness.get(Resources.CONFIG_MAPS, "x", "kube-root-ca.crt");
    assertThat(Json.text(ca, "data", "ca.crt")).isEqualTo("PEM");
    assertThat(harness.get(Resources.SERVICE_ACCOUNTS, "x", "default")).isNotNull();
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldEmptyADyingNamespacePodsFirst() {
    create();
    harness.create(Resources.PODS, "{'metadata':{'namespace':'x','name':'p'},'spec':{}}");
    harness.settle();
    harness.kubelet(false);
    harness.delete(Resources.NAMESPACES, "", "x", "");
    harness.settle();
    assertThat(harness.list(Resources.CONFIG_MAPS, "x")).hasSize(1);
    ObjectNode dying = harness.get(Resources.NAMESPACES, "", "x");
    assertThat(
            Conditions.find(dying, "NamespaceContentRemaining")
                .orElseThrow()
                .get("message")
                .asText())
        .isEqualTo(
            "Some resources are remaining: configmaps. has 1 resource instances, pods. has 1"
                + " resource instances, serviceaccounts. has 1 resource instances");
    harness.kubelet(true).settle();
    harness.advance(Duration.ofSeconds(6));
    assertThat(harness.list(Resources.NAMESPACES, "")).isEmpty();
    assertThat(harness.list(Resources.CONFIG_MAPS, "")).isEmpty();
  }

  @Test
  void shouldNameTheFinalizerThatBlocks() {
    create();
    harness.create(
        Resources.CONFIG_MAPS,
        "{'metadata':{'namespace':'x','name':'held','finalizers':['example.com/hold']}}");
    harness.delete(Resources.NAMESPACES, "", "x", "");
    harness.settle();
    ObjectNode dying = harness.get(Resources.NAMESPACES, "", "x");
    assertThat(
            Conditions.find(dying, "NamespaceFinalizersRemaining")
                .orElseThrow()
                .get("message")
                .asText())
        .isEqualTo(
            "Some content in the namespace has finalizers remaining: example.com/hold in 1"
                + " resource instances");
    harness.patch(Resources.CONFIG_MAPS, "x", "held", "{'metadata':{'finalizers':null}}");
    harness.settle();
    harness.advance(Duration.ofSeconds(6));
    assertThat(harness.list(Resources.NAMESPACES, "")).isEmpty();
  }
}
