package io.troupe.control.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.ServedResources;
import io.troupe.control.controllers.runtime.Harness;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GarbageCollectorTest {
  private static final List<Resource> SERVED =
      List.of(
          Resources.PODS,
          Resources.CONFIG_MAPS,
          Resources.REPLICA_SETS,
          Resources.DEPLOYMENTS,
          Resources.NODES,
          Resources.CLUSTER_ROLES);

  private final Harness harness =
      new Harness(new GarbageCollector(new ServedResources(() -> SERVED)));

  private ObjectNode make(Resource type, String name, ObjectNode owner, boolean blocks) {
    return make(type, "x", name, owner, blocks);
  }

  private ObjectNode make(
      Resource type, String namespace, String name, ObjectNode owner, boolean blocks) {
    String reference =
        owner == null
            ? ""
            : ",'ownerReferences':[{'apiVersion':'%s','kind':'%s','name':'%s','uid':'%s',"
                    .formatted(
                        owner.path("apiVersion").asText(),
                        owner.path("kind").asText(),
                        Meta.name(owner),
                        Meta.uid(owner))
                + "'controller':true,'blockOwnerDeletion':"
                + blocks
                + "}]";
    return harness.create(
        type,
        "{'apiVersion':'%s','kind':'%s','metadata':{%s'name':'%s'%s},'spec':{}}"
            .formatted(
                type.apiVersion(),
                type.kind(),
                type.namespaced() ? "'namespace':'" + namespace + "'," : "",
                name,
                reference));
  }

  private void makeTree() {
    ObjectNode deployment = make(Resources.DEPLOYMENTS, "d", null, true);
    ObjectNode set = make(Resources.REPLICA_SETS, "rs", deployment, true);
    make(Resources.CONFIG_MAPS, "one", set, true);
    make(Resources.CONFIG_MAPS, "two", set, true);
    harness.settle();
  }

  private boolean exists(Resource type, String name) {
    return harness.cluster.find(type, "x", name).isPresent();
  }

  @Test
  void shouldDeleteDependentsAfterTheirOwnerInTheBackground() {
    makeTree();
    harness.delete(Resources.DEPLOYMENTS, "x", "d", "Background");
    assertThat(exists(Resources.DEPLOYMENTS, "d")).isFalse();
    harness.settle();
    assertThat(exists(Resources.REPLICA_SETS, "rs")).isFalse();
    assertThat(harness.list(Resources.CONFIG_MAPS, "x")).isEmpty();
  }

  @Test
  void shouldDeleteDependentsBeforeTheirOwnerInTheForeground() {
    makeTree();
    harness.delete(Resources.DEPLOYMENTS, "x", "d", "Foreground");
    harness.cluster.takeWrites();
    harness.settle();
    assertThat(exists(Resources.DEPLOYMENTS, "d")).isFalse();
    List<String> writes = harness.cluster.takeWrites();
    assertThat(writes.getLast()).isEqualTo("patch deployments/d");
    assertThat(writes.indexOf("patch replicasets/rs"))
        .isGreaterThan(writes.indexOf("delete configmaps/one"))
        .isGreaterThan(writes.indexOf("delete configmaps/two"));
  }

  @Test
  void shouldLeaveDependentsAloneWhenOrphaning() {
    makeTree();
    harness.delete(Resources.DEPLOYMENTS, "x", "d", "Orphan");
    harness.settle();
    assertThat(exists(Resources.DEPLOYMENTS, "d")).isFalse();
    ObjectNode set = harness.get(Resources.REPLICA_SETS, "x", "rs");
    assertThat(set.path("metadata").has("ownerReferences")).isFalse();
    assertThat(harness.list(Resources.CONFIG_MAPS, "x")).hasSize(2);
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldCollectAnObjectWhoseOwnerNeverWas() {
    ObjectNode ghost = make(Resources.CONFIG_MAPS, "ghost", null, false);
    harness.delete(Resources.CONFIG_MAPS, "x", "ghost", "");
    make(Resources.CONFIG_MAPS, "orphan", ghost, false);
    harness.settle();
    assertThat(exists(Resources.CONFIG_MAPS, "orphan")).isFalse();
  }

  @Test
  void shouldKeepAnObjectWithAnotherOwnerAndDropTheDeadReference() {
    ObjectNode one = make(Resources.CONFIG_MAPS, "one", null, false);
    ObjectNode two = make(Resources.CONFIG_MAPS, "two", null, false);
    harness.create(
        Resources.CONFIG_MAPS,
        """
        {'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'x','name':'both',
         'ownerReferences':[
          {'apiVersion':'v1','kind':'ConfigMap','name':'one','uid':'%s'},
          {'apiVersion':'v1','kind':'ConfigMap','name':'two','uid':'%s'}]}}
        """
            .formatted(Meta.uid(one), Meta.uid(two)));
    harness.settle();
    harness.delete(Resources.CONFIG_MAPS, "x", "one", "");
    harness.settle();
    ObjectNode both = harness.get(Resources.CONFIG_MAPS, "x", "both");
    assertThat(both.path("metadata").path("ownerReferences")).hasSize(1);
  }

  @Test
  void shouldCollectAndReportADependentInAnotherNamespace() {
    ObjectNode owner = make(Resources.CONFIG_MAPS, "owner", null, false);
    make(Resources.CONFIG_MAPS, "y", "stranger", owner, false);
    harness.settle();
    assertThat(harness.list(Resources.CONFIG_MAPS, "y")).isEmpty();
    assertThat(exists(Resources.CONFIG_MAPS, "owner")).isTrue();
    assertThat(harness.events())
        .anyMatch(e -> e.startsWith("OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap"));
  }

  @Test
  void shouldNotTouchAClusterObjectThatNamesANamespacedOwner() {
    ObjectNode owner = make(Resources.CONFIG_MAPS, "owner", null, false);
    make(Resources.CLUSTER_ROLES, "role", owner, false);
    harness.settle();
    assertThat(harness.list(Resources.CLUSTER_ROLES, "")).hasSize(1);
    assertThat(harness.events()).anyMatch(e -> e.startsWith("OwnerRefInvalidNamespace"));
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldEndACircleOfOwners() {
    ObjectNode a = make(Resources.CONFIG_MAPS, "a", null, false);
    ObjectNode b = make(Resources.CONFIG_MAPS, "b", a, true);
    harness.patch(
        Resources.CONFIG_MAPS,
        "x",
        "a",
        "{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'b','uid':'"
            + Meta.uid(b)
            + "','blockOwnerDeletion':true}]}}");
    harness.settle();
    harness.delete(Resources.CONFIG_MAPS, "x", "a", "Foreground");
    harness.settle();
    assertThat(harness.list(Resources.CONFIG_MAPS, "x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldNeverDeleteWhatIsOwnedInAnyOrderOfEvents(long seed) {
    ObjectNode deployment = make(Resources.DEPLOYMENTS, "d", null, true);
    ObjectNode set = make(Resources.REPLICA_SETS, "rs", deployment, true);
    make(Resources.CONFIG_MAPS, "one", set, true);
    harness.settleByChance(seed);
    assertThat(exists(Resources.CONFIG_MAPS, "one")).as("seed %d", seed).isTrue();
    harness.delete(Resources.DEPLOYMENTS, "x", "d", seed % 2 == 0 ? "Foreground" : "Background");
    harness.settleByChance(seed);
    assertThat(harness.list(Resources.CONFIG_MAPS, "x")).as("seed %d", seed).isEmpty();
    assertThat(exists(Resources.DEPLOYMENTS, "d")).isFalse();
  }
}
