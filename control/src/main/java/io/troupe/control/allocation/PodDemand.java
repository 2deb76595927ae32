package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod asks of its node: KEP-753's rule for init and sidecar containers, KEP-2837's for
 * pod-level resources, KEP-1287's for a resize in flight, and overhead.
 */
public final class PodDemand {
  private PodDemand() {}

  /** The sum that the node must have free. */
  public static Demand of(JsonNode pod) {
    return of(pod, Demand.NONE);
  }

  /**
   * The sum with something in place of what containers leave out.
   *
   * @param missing cpu and memory of a container that states none
   */
  public static Demand of(JsonNode pod, Demand missing) {
    JsonNode spec = Json.at(pod, "spec");
    Demand sum = Demand.NONE;
    for (JsonNode container : Json.items(spec, "containers")) {
      sum = sum.plus(container(pod, container, "containerStatuses", missing));
    }
    sum = withInitContainers(pod, spec, sum, missing);
    sum = withPodLevel(spec, sum);
    JsonNode overhead = spec.get("overhead");
    return overhead == null ? sum : sum.plus(Demand.of(overhead));
  }

  private static Demand withInitContainers(
      JsonNode pod, JsonNode spec, Demand containers, Demand missing) {
    Demand sum = containers;
    Demand sidecars = Demand.NONE;
    Demand peak = Demand.NONE;
    for (JsonNode init : Json.items(spec, "initContainers")) {
      Demand own = container(pod, init, "initContainerStatuses", missing);
      if (Json.text(init, "restartPolicy").equals("Always")) {
        sum = sum.plus(own);
        sidecars = sidecars.plus(own);
        peak = peak.max(sidecars);
      } else {
        peak = peak.max(own.plus(sidecars));
      }
    }
    return peak.isNothing() ? sum : sum.max(peak);
  }

  /** While a resize is in flight, the larger of what is wanted and what the node still gives. */
  private static Demand container(
      JsonNode pod, JsonNode container, String statuses, Demand missing) {
    JsonNode requests = Json.at(container, "resources", "requests");
    Demand wanted = Demand.of(requests);
    if (!missing.isNothing()) {
      wanted =
          new Demand(
              requests.has("cpu") ? wanted.cpuMillis() : missing.cpuMillis(),
              requests.has("memory") ? wanted.memoryBytes() : missing.memoryBytes(),
              wanted.storageBytes(),
              wanted.others());
    }
    JsonNode reported = Json.at(pod, "status", statuses);
    for (JsonNode status : reported) {
      JsonNode allocated = status.get("allocatedResources");
      if (allocated != null && Json.text(status, "name").equals(Json.text(container, "name"))) {
        return isResizeInfeasible(pod) ? Demand.of(allocated) : wanted.max(Demand.of(allocated));
      }
    }
    return wanted;
  }

  private static boolean isResizeInfeasible(JsonNode pod) {
    return Json.items(pod, "status", "conditions").stream()
        .anyMatch(
            c ->
                Json.text(c, "type").equals("PodResizePending")
                    && Json.text(c, "reason").equals("Infeasible"));
  }

  private static Demand withPodLevel(JsonNode spec, Demand sum) {
    JsonNode requests = Json.at(spec, "resources", "requests");
    if (!requests.isObject() || requests.isEmpty()) {
      return sum;
    }
    Demand level = Demand.of(requests);
    Map<String, Long> others = new TreeMap<>(sum.others());
    level.others().entrySet().stream()
        .filter(e -> e.getKey().startsWith("hugepages-"))
        .forEach(e -> others.put(e.getKey(), e.getValue()));
    return new Demand(
        requests.has("cpu") ? level.cpuMillis() : sum.cpuMillis(),
        requests.has("memory") ? level.memoryBytes() : sum.memoryBytes(),
        sum.storageBytes(),
        others);
  }

  /** Host ports of containers and sidecars. */
  public static List<HostPort> hostPorts(JsonNode pod) {
    List<HostPort> ports = new ArrayList<>();
    Json.items(pod, "spec", "containers").forEach(c -> collect(c, ports));
    Json.items(pod, "spec", "initContainers").stream()
        .filter(c -> Json.text(c, "restartPolicy").equals("Always"))
        .forEach(c -> collect(c, ports));
    return ports;
  }

  private static void collect(JsonNode container, List<HostPort> ports) {
    for (JsonNode port : Json.items(container, "ports")) {
      int number = (int) Json.number(port, 0, "hostPort");
      if (number > 0) {
        ports.add(HostPort.of(Json.text(port, "protocol"), Json.text(port, "hostIP"), number));
      }
    }
  }

  /** Whether the pod holds nothing on its node any more. */
  public static boolean isFinished(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }
}
