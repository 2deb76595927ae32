package io.troupe.control.scheduler.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.allocation.Amount;
import io.troupe.control.scheduler.model.NodeRequirement;
import io.troupe.control.scheduler.model.Requirement;
import io.troupe.control.scheduler.model.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Claims, volumes and storage classes. */
public final class Volumes {
  /** What a StorageClass without {@code provisioner} work is called. */
  public static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

  private static final List<String> ZONE_LABELS =
      List.of(
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region");

  private final Map<String, Claim> claims = new HashMap<>();
  private final Map<String, Volume> volumes = new HashMap<>();
  private final Map<String, StorageClass> classes = new HashMap<>();

  /**
   * A PersistentVolumeClaim.
   *
   * @param volume the bound volume's name, or ""
   * @param selectedNode where provisioning was asked for, or ""
   */
  public record Claim(
      String namespace,
      String name,
      String uid,
      String volume,
      boolean isBound,
      boolean isLost,
      boolean isTerminating,
      String storageClass,
      String selectedNode,
      Wish wish) {
    static Claim of(JsonNode claim) {
      String volume = Json.text(claim, "spec", "volumeName");
      Map<String, String> annotations = Meta.annotations(claim);
      return new Claim(
          Meta.namespace(claim),
          Meta.name(claim),
          Meta.uid(claim),
          volume,
          !volume.isEmpty() && annotations.containsKey("pv.kubernetes.io/bind-completed"),
          Json.text(claim, "status", "phase").equals("Lost"),
          Meta.isDeleting(claim),
          Json.text(claim, "spec", "storageClassName"),
          annotations.getOrDefault("volume.kubernetes.io/selected-node", ""),
          Wish.of(claim));
    }
  }

  /** What a claim asks of a volume. */
  public record Wish(
      long bytes,
      Set<String> accessModes,
      String volumeMode,
      boolean hasSelector,
      Selector selector) {
    static Wish of(JsonNode claim) {
      JsonNode spec = Json.at(claim, "spec");
      return new Wish(
          Amount.whole(Json.at(spec, "resources", "requests").get("storage")),
          texts(spec, "accessModes"),
          modeOf(spec),
          spec.has("selector"),
          Selector.of(spec.get("selector")));
    }
  }

  /** A PersistentVolume; owner is the uid of the claim that it is bound or reserved to, or "". */
  public record Volume(
      String name,
      Map<String, String> labels,
      String storageClass,
      String phase,
      boolean isTerminating,
      long bytes,
      Set<String> accessModes,
      String volumeMode,
      NodeRequirement nodes,
      List<Requirement> zones,
      String owner) {
    static Volume of(JsonNode volume) {
      JsonNode spec = Json.at(volume, "spec");
      JsonNode required = Json.at(spec, "nodeAffinity", "required");
      Map<String, String> labels = Meta.labels(volume);
      JsonNode claim = Json.at(spec, "claimRef");
      return new Volume(
          Meta.name(volume),
          labels,
          Json.text(spec, "storageClassName"),
          Json.text(volume, "status", "phase"),
          Meta.isDeleting(volume),
          Amount.whole(Json.at(spec, "capacity").get("storage")),
          texts(spec, "accessModes"),
          modeOf(spec),
          required.isObject() ? NodeRequirement.ofTerms(required) : NodeRequirement.ANYWHERE,
          zonesOf(labels),
          claim.isObject() ? Json.text(claim, "namespace") + "/" + Json.text(claim, "name") : "");
    }

    /** Whether the volume would serve an unbound claim. */
    public boolean serves(Claim claim) {
      Wish wish = claim.wish();
      boolean isMine = owner.equals(claim.namespace() + "/" + claim.name());
      return (isMine || (owner.isEmpty() && phase.equals("Available")))
          && !isTerminating
          && storageClass.equals(claim.storageClass())
          && bytes >= wish.bytes()
          && accessModes.containsAll(wish.accessModes())
          && volumeMode.equals(wish.volumeMode())
          && (!wish.hasSelector() || wish.selector().matches(labels));
    }
  }

  /**
   * A StorageClass.
   *
   * @param topologies where volumes can be made; empty for anywhere
   */
  public record StorageClass(
      String name,
      boolean waitsForConsumer,
      String provisioner,
      List<List<Requirement>> topologies) {
    static StorageClass of(JsonNode storageClass) {
      List<List<Requirement>> topologies = new ArrayList<>();
      for (JsonNode term : Json.items(storageClass, "allowedTopologies")) {
        topologies.add(
            Json.items(term, "matchLabelExpressions").stream().map(Volumes::allowed).toList());
      }
      return new StorageClass(
          Meta.name(storageClass),
          Json.text(storageClass, "volumeBindingMode").equals("WaitForFirstConsumer"),
          Json.text(storageClass, "provisioner"),
          topologies);
    }

    public boolean mayProvisionOn(Map<String, String> nodeLabels) {
      return topologies.isEmpty()
          || topologies.stream().anyMatch(t -> t.stream().allMatch(r -> r.matches(nodeLabels)));
    }
  }

  private static Requirement allowed(JsonNode expression) {
    return new Requirement(
        Json.text(expression, "key"), Requirement.Operator.IN, texts(expression, "values"));
  }

  private static Set<String> texts(JsonNode node, String field) {
    return Set.copyOf(Json.items(node, field).stream().map(JsonNode::asText).distinct().toList());
  }

  private static String modeOf(JsonNode spec) {
    String mode = Json.text(spec, "volumeMode");
    return mode.isEmpty() ? "Filesystem" : mode;
  }

  /** Zone labels of a volume; several zones are joined by two underscores. */
  private static List<Requirement> zonesOf(Map<String, String> labels) {
    return ZONE_LABELS.stream()
        .filter(labels::containsKey)
        .map(
            key ->
                new Requirement(key, Requirement.Operator.IN, Set.of(labels.get(key).split("__"))))
        .toList();
  }

  public static boolean hasZone(Map<String, String> nodeLabels) {
    return ZONE_LABELS.stream().anyMatch(nodeLabels::containsKey);
  }

  /** A claim as it is now; null JSON removes. */
  public void claim(String namespace, String name, JsonNode now) {
    if (now == null) {
      claims.remove(namespace + "/" + name);
    } else {
      claims.put(namespace + "/" + name, Claim.of(now));
    }
  }

  public void volume(String name, JsonNode now) {
    if (now == null) {
      volumes.remove(name);
    } else {
      volumes.put(name, Volume.of(now));
    }
  }

  public void storageClass(String name, JsonNode now) {
    if (now == null) {
      classes.remove(name);
    } else {
      classes.put(name, StorageClass.of(now));
    }
  }

  /** Null when there is none. */
  public Claim claim(String namespace, String name) {
    return claims.get(namespace + "/" + name);
  }

  public Volume volume(String name) {
    return volumes.get(name);
  }

  public StorageClass storageClass(String name) {
    return classes.get(name);
  }

  public Collection<Volume> all() {
    return volumes.values();
  }
}
