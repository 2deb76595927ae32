package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.pod.ContainerStatuses.Group;
import java.util.ArrayList;
import java.util.List;

/** Makes the {@code status} of a pod. */
public final class PodStatus {
  private PodStatus() {}

  public static boolean isTerminal(JsonNode status) {
    String phase = Json.text(status, "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  public static ObjectNode of(StatusInput in) {
    ObjectNode status = Json.object();
    ArrayNode inits = ContainerStatuses.of(in, Group.INIT);
    ArrayNode mains = ContainerStatuses.of(in, Group.MAIN);
    ArrayNode ephemeral = ContainerStatuses.of(in, Group.EPHEMERAL);
    List<JsonNode> all = new ArrayList<>();
    inits.forEach(all::add);
    mains.forEach(all::add);

    phase(in, all, status);
    if (in.pod().path("metadata").has("generation")) {
      status.put("observedGeneration", Meta.generation(in.pod()));
    }
    status.set("conditions", PodConditions.of(in, Json.text(status, "phase"), all));
    addresses(in, status);
    String started = Json.text(in.told(), "startTime");
    status.put("startTime", started.isEmpty() ? ContainerStatuses.time(in.now()) : started);
    if (!inits.isEmpty()) {
      status.set(Group.INIT.field(), inits);
    }
    status.set(Group.MAIN.field(), mains);
    if (!ephemeral.isEmpty()) {
      status.set(Group.EPHEMERAL.field(), ephemeral);
    }
    status.put("qosClass", QosClass.of(in.pod()).text());
    return status;
  }

  private static void phase(StatusInput in, List<JsonNode> containers, ObjectNode status) {
    if (in.verdict() != null) {
      status.put("phase", "Failed").put("reason", in.verdict().reason());
      status.put("message", in.verdict().message());
      return;
    }
    String told = Json.text(in.told(), "phase");
    // A terminal phase is never left.
    String phase =
        isTerminal(in.told())
            ? told
            : PodPhase.of(in.pod(), containers, in.terminal(), in.state().mainStarted(in.pod()));
    status.put("phase", phase);
    if (phase.equals(told)) {
      for (String field : List.of("reason", "message")) {
        if (in.told().has(field)) {
          status.set(field, in.told().get(field));
        }
      }
    }
  }

  private static void addresses(StatusInput in, ObjectNode status) {
    if (!in.hostIps().isEmpty()) {
      status.put("hostIP", in.hostIps().getFirst());
      ArrayNode hosts = status.putArray("hostIPs");
      in.hostIps().forEach(ip -> hosts.addObject().put("ip", ip));
    }
    List<String> ips = PodSpec.isHostNetwork(in.pod()) ? in.hostIps() : in.state().ips();
    if (ips.isEmpty()) {
      // The address stays to be read when the sandbox of a finished pod is gone.
      if (isTerminal(status) || Meta.isDeleting(in.pod())) {
        copy(in.told(), status, "podIP");
        copy(in.told(), status, "podIPs");
      }
      return;
    }
    status.put("podIP", ips.getFirst());
    ArrayNode pods = status.putArray("podIPs");
    ips.forEach(ip -> pods.addObject().put("ip", ip));
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    if (from.has(field)) {
      to.set(field, from.get(field));
    }
  }
}
