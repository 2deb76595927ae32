package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.allocation.Demand;
import io.troupe.control.allocation.HostPort;
import io.troupe.control.allocation.PodDemand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything about a pod that decides where it may run, compiled. Compared by identity: {@link
 * Shapes} gives equal pods the same one.
 */
public final class PodShape {
  /** What a container is taken to use when it states nothing, for scoring (upstream's values). */
  private static final Demand UNSTATED = new Demand(100, 200L * 1024 * 1024, 0, Map.of());

  private final Key key;
  private final Map<String, String> labels;
  private final Demand scoringDemand;
  private final List<Toleration> tolerations;
  private final List<Toleration> softTolerations;
  private final NodeRequirement nodes;
  private final List<NodeTerm> preferredNodes;
  private final Affinities affinities;
  private final List<SpreadConstraint> spread;

  /** What the shape is made of. */
  record Key(
      String namespace,
      JsonNode labels,
      JsonNode affinity,
      JsonNode nodeSelector,
      JsonNode tolerations,
      JsonNode spread,
      Demand demand,
      Demand scoringDemand,
      List<HostPort> ports,
      List<String> images,
      Owner owner) {
    static Key of(JsonNode pod) {
      JsonNode spec = Json.at(pod, "spec");
      return new Key(
          Meta.namespace(pod),
          Json.at(pod, "metadata", "labels"),
          Json.at(spec, "affinity"),
          Json.at(spec, "nodeSelector"),
          Json.at(spec, "tolerations"),
          Json.at(spec, "topologySpreadConstraints"),
          PodDemand.of(pod),
          PodDemand.of(pod, UNSTATED),
          PodDemand.hostPorts(pod),
          imagesOf(spec),
          Owner.of(pod));
    }
  }

  /** Pod affinity and anti-affinity. */
  public record Affinities(
      List<AffinityTerm> required,
      List<AffinityTerm> requiredAnti,
      List<AffinityTerm> preferred,
      List<AffinityTerm> preferredAnti) {
    public boolean isNothing() {
      return required.isEmpty()
          && requiredAnti.isEmpty()
          && preferred.isEmpty()
          && preferredAnti.isEmpty();
    }
  }

  PodShape(Key key) {
    this.key = key;
    this.labels = Map.copyOf(Meta.texts(key.labels()));
    this.scoringDemand = key.scoringDemand();
    List<Toleration> all = new ArrayList<>();
    key.tolerations().forEach(t -> all.add(Toleration.of(t)));
    this.tolerations = List.copyOf(all);
    this.softTolerations = all.stream().filter(Toleration::mayTolerateSoftTaints).toList();
    JsonNode node = Json.at(key.affinity(), "nodeAffinity");
    this.nodes =
        NodeRequirement.of(
            key.nodeSelector(), Json.at(node, "requiredDuringSchedulingIgnoredDuringExecution"));
    this.preferredNodes =
        NodeTerm.preferred(Json.at(node, "preferredDuringSchedulingIgnoredDuringExecution"));
    JsonNode affinity = Json.at(key.affinity(), "podAffinity");
    JsonNode anti = Json.at(key.affinity(), "podAntiAffinity");
    this.affinities =
        new Affinities(
            AffinityTerm.required(affinity, key.namespace(), labels),
            AffinityTerm.required(anti, key.namespace(), labels),
            AffinityTerm.preferred(affinity, key.namespace(), labels),
            AffinityTerm.preferred(anti, key.namespace(), labels));
    List<SpreadConstraint> constraints = new ArrayList<>();
    key.spread().forEach(c -> constraints.add(SpreadConstraint.of(c, labels)));
    this.spread = List.copyOf(constraints);
  }

  /** The shape of a single pod, shared with no other. */
  public static PodShape of(JsonNode pod) {
    return new PodShape(Key.of(pod));
  }

  /** Image names with their tag, as nodes report them. */
  private static List<String> imagesOf(JsonNode spec) {
    List<String> images = new ArrayList<>();
    Json.items(spec, "initContainers").forEach(c -> images.add(tagged(Json.text(c, "image"))));
    Json.items(spec, "containers").forEach(c -> images.add(tagged(Json.text(c, "image"))));
    for (JsonNode volume : Json.items(spec, "volumes")) {
      if (volume.has("image")) {
        images.add(tagged(Json.text(volume, "image", "reference")));
      }
    }
    return images;
  }

  private static String tagged(String image) {
    return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
  }

  public String namespace() {
    return key.namespace();
  }

  public Map<String, String> labels() {
    return labels;
  }

  public Demand demand() {
    return key.demand();
  }

  /** The demand with something assumed for containers that state none. */
  public Demand scoringDemand() {
    return scoringDemand;
  }

  public List<HostPort> ports() {
    return key.ports();
  }

  public List<String> images() {
    return key.images();
  }

  public Owner owner() {
    return key.owner();
  }

  public List<Toleration> tolerations() {
    return tolerations;
  }

  public NodeRequirement nodes() {
    return nodes;
  }

  public List<NodeTerm> preferredNodes() {
    return preferredNodes;
  }

  public Affinities affinities() {
    return affinities;
  }

  public List<SpreadConstraint> spread() {
    return spread;
  }

  public boolean tolerates(Taint taint) {
    return tolerations.stream().anyMatch(t -> t.tolerates(taint));
  }

  /** Whether no hard taint of the node keeps the pod away. */
  public boolean toleratesHardTaintsOf(NodeSpec node) {
    return node.taints().stream().noneMatch(t -> t.isHard() && !tolerates(t));
  }

  /** How many soft taints of the node the pod would rather avoid. */
  public int untoleratedSoftTaints(NodeSpec node) {
    int count = 0;
    for (Taint taint : node.taints()) {
      boolean isSoft = taint.effect().equals("PreferNoSchedule");
      if (isSoft && softTolerations.stream().noneMatch(t -> t.tolerates(taint))) {
        count++;
      }
    }
    return count;
  }
}
