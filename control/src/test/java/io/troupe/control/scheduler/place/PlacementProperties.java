package io.troupe.control.scheduler.place;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.control.scheduler.Objects;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.Shapes;
import io.troupe.control.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random clusters, workloads and changes: placement says exactly what the definitions say. */
class PlacementProperties {
  private final Shapes shapes = new Shapes();

  /** A cluster that changes at random, known to the snapshot and to the oracle. */
  private final class World {
    final Random random;
    final Snapshot snapshot = new Snapshot();
    final Placer placer = new Placer(snapshot);
    final Map<String, NodeSpec> nodes = new TreeMap<>();
    final List<PodInfo> placed = new ArrayList<>();

    World(long seed) {
      random = new Random(seed);
      int count = 3 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        put("n" + i);
      }
    }

    void put(String name) {
      ObjectNode node =
          Objects.node(
              name,
              "z" + random.nextInt(3),
              Integer.toString(1 + random.nextInt(4)),
              "4Gi",
              3 + random.nextInt(6));
      ObjectNode labels = (ObjectNode) node.at("/metadata/labels");
      if (random.nextInt(4) == 0) {
        labels.remove("topology.kubernetes.io/zone");
      }
      labels.put("disk", random.nextBoolean() ? "ssd" : "hdd");
      if (random.nextInt(4) == 0) {
        ((ObjectNode) node.get("spec"))
            .set("taints", Objects.json("{'t':[{'key':'k','effect':'NoSchedule'}]}").get("t"));
      }
      NodeSpec spec = NodeSpec.of(node);
      nodes.put(name, spec);
      snapshot.node(spec);
    }

    PodInfo pod(int number) {
      List<String> parts = new ArrayList<>();
      if (random.nextInt(4) == 0) {
        parts.add("'nodeSelector':{'disk':'ssd'}");
      }
      if (random.nextInt(3) == 0) {
        parts.add("'tolerations':[{'operator':'Exists'}]");
      }
      if (random.nextInt(3) == 0) {
        parts.add(
            "'topologySpreadConstraints':[{'maxSkew':%d,'topologyKey':'%s','whenUnsatisfiable':'DoNotSchedule','minDomains':%d,'nodeTaintsPolicy':'%s','labelSelector':{'matchLabels':{'app':'%s'}}}]"
                .formatted(
                    1 + random.nextInt(2),
                    key(),
                    1 + random.nextInt(3),
                    random.nextBoolean() ? "Honor" : "Ignore",
                    app()));
      }
      if (random.nextInt(2) == 0) {
        parts.add("'affinity':{" + term("podAffinity", 4) + "," + term("podAntiAffinity", 2) + "}");
      }
      ObjectNode pod =
          Objects.pod(
              app() + "-" + number, random.nextInt(12) + "00m", "64Mi", String.join(",", parts));
      if (random.nextInt(6) == 0) {
        ((ObjectNode) pod.at("/spec/containers/0"))
            .set("ports", Objects.json("{'p':[{'hostPort':80}]}").get("p"));
      }
      return PodInfo.of(pod, shapes.of(pod));
    }

    private String term(String sort, int oneIn) {
      return random.nextInt(oneIn) > 0
          ? "'" + sort + "':{}"
          : "'%s':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'%s','labelSelector':{'matchLabels':{'app':'%s'}}}]}"
              .formatted(sort, key(), app());
    }

    private String key() {
      return random.nextBoolean() ? "kubernetes.io/hostname" : "topology.kubernetes.io/zone";
    }

    private String app() {
      return "app" + random.nextInt(3);
    }

    void change() {
      int what = random.nextInt(10);
      if (what < 3 && !placed.isEmpty()) {
        PodInfo gone = placed.remove(random.nextInt(placed.size()));
        assertThat(snapshot.remove(gone.uid())).isTrue();
      } else if (what == 3) {
        put("n" + random.nextInt(nodes.size()));
      }
    }
  }

  @Property(tries = 150)
  void shouldPlaceExactlyWhereTheDefinitionsAllow(@ForAll long seed) {
    World world = new World(seed);
    for (int i = 0; i < 40; i++) {
      PodInfo pod = world.pod(i);
      Oracle oracle = new Oracle(world.nodes, world.placed);
      Map<String, List<String>> answers = world.placer.explain(pod);
      for (String node : world.nodes.keySet()) {
        assertThat(answers.get(node).isEmpty())
            .as("%s on %s: %s", pod.path(), node, answers.get(node))
            .isEqualTo(oracle.allows(pod, node));
      }
      switch (world.placer.place(pod, seed + i)) {
        case Placement.Placed placed -> {
          assertThat(oracle.allows(pod, placed.node())).isTrue();
          world.snapshot.place(pod.on(placed.node()));
          world.placed.add(pod.on(placed.node()));
        }
        case Placement.NoFit(Diagnosis diagnosis) ->
            assertThat(world.nodes.keySet()).noneMatch(n -> oracle.allows(pod, n));
      }
      world.change();
    }
  }

  @Property(tries = 100)
  void shouldPreemptOnlyLessImportantPodsAndAsFewAsNeeded(@ForAll long seed) {
    World world = new World(seed);
    for (int i = 0; i < 30; i++) {
      PodInfo pod = world.pod(i);
      if (world.placer.place(pod, i) instanceof Placement.Placed placed) {
        world.snapshot.place(pod.on(placed.node()));
        world.placed.add(pod.on(placed.node()));
      }
    }
    ObjectNode json = Objects.pod("important", "900m", "64Mi", "'priority':10");
    PodInfo important = PodInfo.of(json, shapes.of(json));
    if (!(world.placer.place(important, seed) instanceof Placement.NoFit(Diagnosis diagnosis))) {
      return;
    }
    if (world.placer.preempt(important, diagnosis, seed) instanceof Preemption.Result.Found found) {
      assertThat(found.victims()).isNotEmpty().allMatch(v -> v.priority() < 10);
      List<PodInfo> left = new ArrayList<>(world.placed);
      left.removeIf(p -> found.victims().stream().anyMatch(v -> v.uid().equals(p.uid())));
      Oracle oracle = new Oracle(world.nodes, left);
      assertThat(oracle.allows(important, found.node())).isTrue();
      for (PodInfo victim : found.victims()) {
        List<PodInfo> without = new ArrayList<>(left);
        without.add(victim);
        assertThat(new Oracle(world.nodes, without).allows(important, found.node()))
            .as("%s was needed", victim.path())
            .isFalse();
      }
    }
  }

  @Property(tries = 60)
  void shouldCountTheSameAfterManyChanges(@ForAll long seed) {
    World world = new World(seed);
    for (int i = 0; i < 60; i++) {
      PodInfo pod = world.pod(i);
      if (world.placer.place(pod, i) instanceof Placement.Placed placed) {
        world.snapshot.place(pod.on(placed.node()));
        world.placed.add(pod.on(placed.node()));
      }
      world.change();
    }
    Snapshot fresh = new Snapshot();
    world.nodes.values().forEach(fresh::node);
    world.placed.forEach(fresh::place);
    for (int i = 0; i < 20; i++) {
      PodInfo pod = world.pod(100 + i);
      assertThat(world.placer.explain(pod)).isEqualTo(new Placer(fresh).explain(pod));
    }
  }
}
