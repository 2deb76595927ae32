package io.troupe.control.controllers.disruption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.IntOrPercent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many pods there should be, and how many of them healthy.
 *
 * @param failure why that cannot be told, else ""
 */
record ExpectedPods(int count, int desiredHealthy, String failure) {
  private static final List<Resource> SCALED =
      List.of(Resources.REPLICA_SETS, Resources.REPLICATION_CONTROLLERS, Resources.STATEFUL_SETS);

  static ExpectedPods of(ObjectNode budget, List<ObjectNode> pods, ClusterView view) {
    JsonNode maxUnavailable = Json.at(budget, "spec", "maxUnavailable");
    JsonNode minAvailable = Json.at(budget, "spec", "minAvailable");
    boolean hasMax = !maxUnavailable.isMissingNode() && !maxUnavailable.isNull();
    if (!hasMax && minAvailable.isNumber()) {
      return new ExpectedPods(pods.size(), minAvailable.asInt(), "");
    }
    if (!hasMax && !minAvailable.isTextual()) {
      return new ExpectedPods(0, 0, "");
    }
    Map<String, Integer> scales = new HashMap<>();
    for (ObjectNode pod : pods) {
      Optional<? extends JsonNode> owner = Meta.controllerOf(pod);
      if (owner.isEmpty()) {
        continue;
      }
      Optional<ObjectNode> scaled = scaled(owner.get(), Meta.namespace(pod), view);
      if (scaled.isEmpty()) {
        return new ExpectedPods(0, 0, "found no controllers for pod \"" + Meta.name(pod) + "\"");
      }
      scales.put(Meta.uid(scaled.get()), (int) Json.number(scaled.get(), 1, "spec", "replicas"));
    }
    int count = scales.values().stream().mapToInt(Integer::intValue).sum();
    int healthy =
        hasMax
            ? Math.max(0, count - IntOrPercent.resolve(maxUnavailable, count, true, 0))
            : IntOrPercent.resolve(minAvailable, count, true, 0);
    return new ExpectedPods(count, healthy, "");
  }

  /** The owner that has a scale; for the ReplicaSet of a Deployment, that. */
  private static Optional<ObjectNode> scaled(
      JsonNode reference, String namespace, ClusterView view) {
    Optional<ObjectNode> owner =
        SCALED.stream()
            .filter(type -> isOf(type, reference))
            .findFirst()
            .flatMap(type -> view.find(type, namespace, Json.text(reference, "name")))
            .filter(found -> Meta.uid(found).equals(Json.text(reference, "uid")));
    return owner
        .flatMap(Meta::controllerOf)
        .filter(above -> isOf(Resources.DEPLOYMENTS, above))
        .flatMap(above -> view.find(Resources.DEPLOYMENTS, namespace, Json.text(above, "name")))
        .or(() -> owner);
  }

  private static boolean isOf(Resource type, JsonNode reference) {
    String prefix = type.group().isEmpty() ? "" : type.group() + "/";
    String apiVersion = Json.text(reference, "apiVersion");
    boolean sameGroup =
        prefix.isEmpty() ? apiVersion.indexOf('/') < 0 : apiVersion.startsWith(prefix);
    return sameGroup && Json.text(reference, "kind").equals(type.kind());
  }
}
