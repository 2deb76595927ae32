package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.container.Amounts;
import java.util.List;
import java.util.stream.Stream;

/** A pod's quality of service: who is killed first when memory is short. */
public enum QosClass {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> RESOURCES = List.of("cpu", "memory");

  private final String text;

  QosClass(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The class that the API has, or what the resources of containers and pod say. */
  public static QosClass of(JsonNode pod) {
    String told = Json.text(pod, "status", "qosClass");
    for (QosClass known : values()) {
      if (known.text.equals(told)) {
        return known;
      }
    }
    List<JsonNode> owners =
        Json.at(pod, "spec", "resources").isObject() && !Json.at(pod, "spec", "resources").isEmpty()
            ? List.of(Json.at(pod, "spec"))
            : Stream.of(PodSpec.initContainers(pod), PodSpec.containers(pod))
                .flatMap(List::stream)
                .toList();
    boolean none = owners.stream().noneMatch(QosClass::hasAny);
    boolean full = owners.stream().allMatch(QosClass::isGuaranteed);
    return none ? BEST_EFFORT : full ? GUARANTEED : BURSTABLE;
  }

  private static boolean hasAny(JsonNode owner) {
    return Stream.of("requests", "limits")
        .anyMatch(
            kind -> RESOURCES.stream().anyMatch(r -> Amounts.of(owner, kind, r).signum() > 0));
  }

  private static boolean isGuaranteed(JsonNode owner) {
    return RESOURCES.stream()
        .allMatch(
            r -> {
              var limit = Amounts.of(owner, "limits", r);
              var request =
                  Json.at(owner, "resources", "requests", r).isMissingNode()
                      ? limit
                      : Amounts.of(owner, "requests", r);
              return limit.signum() > 0 && limit.compareTo(request) == 0;
            });
  }
}
