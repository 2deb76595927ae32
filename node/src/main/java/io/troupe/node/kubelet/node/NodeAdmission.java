package io.troupe.node.kubelet.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.container.Amounts;
import io.troupe.node.kubelet.container.NodeFacts;
import io.troupe.node.kubelet.container.PodResources;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.pod.StatusInput.Verdict;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a pod that was bound to the node can run here, beside those that do: a scheduler may have
 * decided on old news, or somebody named the node by hand.
 */
public final class NodeAdmission {
  private NodeAdmission() {}

  /** A verdict when the pod is refused. */
  public static Optional<Verdict> refuse(
      JsonNode pod,
      Collection<? extends JsonNode> active,
      NodeFacts node,
      Map<String, String> nodeLabels,
      int podsMax) {
    if (active.size() >= podsMax) {
      return Optional.of(
          out(
              "pods",
              BigDecimal.ONE,
              BigDecimal.valueOf(active.size()),
              BigDecimal.valueOf(podsMax)));
    }
    for (var resource :
        Map.of("cpu", node.allocatableCpu(), "memory", node.allocatableMemory()).entrySet()) {
      BigDecimal wanted = PodResources.total(pod, "requests", resource.getKey());
      BigDecimal used =
          active.stream()
              .map(p -> PodResources.total(p, "requests", resource.getKey()))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      if (wanted.signum() > 0 && used.add(wanted).compareTo(resource.getValue()) > 0) {
        return Optional.of(out(resource.getKey(), wanted, used, resource.getValue()));
      }
    }
    if (active.stream().anyMatch(p -> portsClash(pod, p))) {
      return Optional.of(new Verdict("NodePorts", "Pod was rejected: Predicate NodePorts failed"));
    }
    for (var wanted : Meta.texts(Json.at(pod, "spec", "nodeSelector")).entrySet()) {
      if (!wanted.getValue().equals(nodeLabels.get(wanted.getKey()))) {
        return Optional.of(
            new Verdict("NodeAffinity", "Pod was rejected: Predicate NodeAffinity failed"));
      }
    }
    return Optional.empty();
  }

  private static Verdict out(
      String resource, BigDecimal wanted, BigDecimal used, BigDecimal capacity) {
    return new Verdict(
        "OutOf" + resource,
        "Pod was rejected: Node didn't have enough resource: "
            + resource
            + ", requested: "
            + units(resource, wanted)
            + ", used: "
            + units(resource, used)
            + ", capacity: "
            + units(resource, capacity));
  }

  private static long units(String resource, BigDecimal amount) {
    return resource.equals("cpu") ? Amounts.millis(amount) : Amounts.units(amount);
  }

  private static boolean portsClash(JsonNode a, JsonNode b) {
    return PodSpec.containers(a).stream()
        .flatMap(c -> Json.items(c, "ports").stream())
        .filter(p -> Json.number(p, 0, "hostPort") > 0)
        .anyMatch(
            mine ->
                PodSpec.containers(b).stream()
                    .flatMap(c -> Json.items(c, "ports").stream())
                    .anyMatch(other -> samePort(mine, other)));
  }

  private static boolean samePort(JsonNode a, JsonNode b) {
    String ipA = Json.text(a, "hostIP");
    String ipB = Json.text(b, "hostIP");
    boolean anyIp =
        ipA.isEmpty() || ipB.isEmpty() || ipA.equals("0.0.0.0") || ipB.equals("0.0.0.0");
    return Json.number(a, 0, "hostPort") == Json.number(b, 0, "hostPort")
        && protocol(a).equals(protocol(b))
        && (anyIp || ipA.equals(ipB));
  }

  private static String protocol(JsonNode port) {
    String protocol = Json.text(port, "protocol");
    return protocol.isEmpty() ? "TCP" : protocol;
  }
}
