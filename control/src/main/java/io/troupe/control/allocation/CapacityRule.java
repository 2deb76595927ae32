package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Ledgers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The node as the authority on its own room: a claim is granted when demand, pod count and host
 * ports fit beside what is claimed already, and nobody there must be apart from the pod. Ledger:
 * the node's name; claim id: the pod's uid.
 */
public final class CapacityRule implements Ledgers.Rule {
  public static final String SORT = "node-capacity";
  private static final GroupResource BINDING = new GroupResource("", "pods/binding");

  @Override
  public Ledgers.Verdict admit(
      Map<String, ObjectNode> claims, String claimId, ObjectNode wanted, ObjectNode limits) {
    if (Json.flag(wanted, false, "forced")) {
      return new Ledgers.Verdict.Grant(wanted);
    }
    List<String> reasons = reasons(claims, wanted, limits);
    if (reasons.isEmpty()) {
      return new Ledgers.Verdict.Grant(wanted);
    }
    String why = "node has no room: " + String.join(", ", reasons);
    return new Ledgers.Verdict.Deny(Refusal.conflict(BINDING, Json.text(wanted, "pod"), why));
  }

  private static List<String> reasons(
      Map<String, ObjectNode> claims, ObjectNode wanted, ObjectNode limits) {
    Demand used = Demand.NONE;
    boolean portsTaken = false;
    boolean isUnwanted = false;
    List<HostPort> ports = ports(wanted);
    for (ObjectNode claim : claims.values()) {
      used = used.plus(Demand.read(claim.get("demand")));
      portsTaken |= !ports.isEmpty() && collide(ports, ports(claim));
      isUnwanted |= Apart.mustBe(claim, wanted) || Apart.mustBe(wanted, claim);
    }
    List<String> reasons = new ArrayList<>();
    if (claims.size() + 1 > Json.number(limits, 0, "pods")) {
      reasons.add("Too many pods");
    }
    compare(Demand.read(wanted.get("demand")), used, Demand.read(limits), reasons);
    if (portsTaken) {
      reasons.add("node(s) didn't have free ports for the requested pod ports");
    }
    if (isUnwanted) {
      reasons.add("node(s) didn't match pod anti-affinity rules");
    }
    return reasons;
  }

  private static void compare(Demand want, Demand used, Demand limit, List<String> reasons) {
    insufficient("cpu", want.cpuMillis(), used.cpuMillis(), limit.cpuMillis(), reasons);
    insufficient("memory", want.memoryBytes(), used.memoryBytes(), limit.memoryBytes(), reasons);
    insufficient(
        "ephemeral-storage",
        want.storageBytes(),
        used.storageBytes(),
        limit.storageBytes(),
        reasons);
    want.others()
        .forEach(
            (name, amount) ->
                insufficient(
                    name,
                    amount,
                    used.others().getOrDefault(name, 0L),
                    limit.others().getOrDefault(name, 0L),
                    reasons));
  }

  private static void insufficient(
      String name, long want, long used, long limit, List<String> reasons) {
    if (want > 0 && want > limit - used) {
      reasons.add("Insufficient " + name);
    }
  }

  private static boolean collide(List<HostPort> left, List<HostPort> right) {
    return left.stream().anyMatch(l -> right.stream().anyMatch(l::collidesWith));
  }

  private static List<HostPort> ports(ObjectNode claim) {
    JsonNode ports = claim.get("ports");
    if (ports == null) {
      return List.of();
    }
    List<HostPort> parsed = new ArrayList<>();
    ports.forEach(p -> parsed.add(HostPort.parse(p.textValue())));
    return parsed;
  }

  /** What a pod claims; forced claims are counted but never refused. */
  public static ObjectNode wanted(JsonNode pod, boolean forced, long timeMillis) {
    ObjectNode wanted = Json.object();
    wanted.put("pod", Meta.name(pod)).put("namespace", Meta.namespace(pod));
    wanted.set("demand", PodDemand.of(pod).json());
    List<HostPort> ports = PodDemand.hostPorts(pod);
    if (!ports.isEmpty()) {
      ports.forEach(p -> wanted.withArray("ports").add(p.toString()));
    }
    Apart.describe(pod, wanted);
    if (forced) {
      wanted.put("forced", true);
    }
    return wanted.put("at", timeMillis);
  }

  /** What a node has, from its {@code status.allocatable}. */
  public static ObjectNode limits(JsonNode node) {
    JsonNode allocatable = Json.at(node, "status", "allocatable");
    ObjectNode limits = Demand.of(allocatable).json();
    return limits.put("pods", Amount.whole(allocatable.get("pods")));
  }
}
