package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.pod.PodSpec;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/** What a pod as a whole requests or may use of a resource (KEP-753 for sidecars, KEP-2837). */
public final class PodResources {
  private PodResources() {}

  /**
   * The pod's own figure where the spec has one; else the larger of main containers with sidecars,
   * and of any init container with the sidecars before it; plus overhead.
   */
  public static BigDecimal total(JsonNode pod, String kind, String resource) {
    JsonNode own = Json.at(pod, "spec", "resources", kind, resource);
    BigDecimal overhead = Amounts.parse(Json.at(pod, "spec", "overhead", resource));
    if (!own.isMissingNode()) {
      return Amounts.parse(own).add(overhead);
    }
    BigDecimal sidecars = BigDecimal.ZERO;
    BigDecimal peak = BigDecimal.ZERO;
    for (JsonNode init : PodSpec.initContainers(pod)) {
      BigDecimal amount = Amounts.of(init, kind, resource);
      if (PodSpec.isSidecar(init)) {
        sidecars = sidecars.add(amount);
        peak = peak.max(sidecars);
      } else {
        peak = peak.max(sidecars.add(amount));
      }
    }
    BigDecimal main = sidecars;
    for (JsonNode container : PodSpec.containers(pod)) {
      main = main.add(Amounts.of(container, kind, resource));
    }
    return main.max(peak).add(overhead);
  }

  /** The limit of the whole, zero when some container has none. */
  public static BigDecimal totalLimit(JsonNode pod, String resource) {
    boolean own = !Json.at(pod, "spec", "resources", "limits", resource).isMissingNode();
    boolean all =
        Stream.of(PodSpec.initContainers(pod), PodSpec.containers(pod))
            .flatMap(List::stream)
            .allMatch(c -> Amounts.of(c, "limits", resource).signum() > 0);
    return own || all ? total(pod, "limits", resource) : BigDecimal.ZERO;
  }
}
