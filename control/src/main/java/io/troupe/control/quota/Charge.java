package io.troupe.control.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.quantity.Quantity;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one object is charged, by the names of {@code spec.hard}. */
public final class Charge {
  private static final Quantity ONE = Quantity.of(1);

  /** Types that a quota may name without {@code count/}, an older way. */
  private static final Set<String> PLAIN_NAMES =
      Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets", "services");

  /** Resources that a quota may name without {@code requests.}. */
  private static final Set<String> COMPUTE = Set.of("cpu", "memory", "ephemeral-storage");

  private Charge() {}

  /**
   * The charge of an object.
   *
   * @param now to tell pods that are stuck in deletion, which cost nothing
   */
  public static Map<String, Quantity> of(GroupResource type, JsonNode object, Instant now) {
    Map<String, Quantity> charge = new TreeMap<>();
    charge.put(countName(type), ONE);
    if (!type.group().isEmpty()) {
      return charge;
    }
    if (PLAIN_NAMES.contains(type.resource())) {
      charge.put(type.resource(), ONE);
    }
    switch (type.resource()) {
      case "pods" -> pod(object, now, charge);
      case "services" -> service(object, charge);
      case "persistentvolumeclaims" -> claim(object, charge);
      default -> {}
    }
    return charge;
  }

  public static String countName(GroupResource type) {
    return "count/" + type;
  }

  private static void pod(JsonNode pod, Instant now, Map<String, Quantity> charge) {
    if (isOver(pod, now)) {
      return;
    }
    charge.put("pods", ONE);
    Map<String, Quantity> overhead = PodAmounts.amounts(Json.at(pod, "spec"), "overhead");
    Map<String, Quantity> requests = PodAmounts.of(pod, "requests");
    overhead.forEach((name, amount) -> requests.merge(name, amount, Quantity::add));
    Map<String, Quantity> limits = PodAmounts.of(pod, "limits");
    overhead.forEach((name, more) -> limits.computeIfPresent(name, (n, is) -> is.add(more)));
    charge.putAll(compute(requests, limits));
  }

  /** The names under which requests and limits are charged. */
  static Map<String, Quantity> compute(
      Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Map<String, Quantity> charge = new TreeMap<>();
    requests.forEach(
        (name, amount) -> {
          if (COMPUTE.contains(name) || name.startsWith("hugepages-")) {
            charge.put(name, amount);
          }
          if (charge.containsKey(name) || isExtended(name)) {
            charge.put("requests." + name, amount);
          }
        });
    limits.forEach(
        (name, amount) -> {
          if (COMPUTE.contains(name)) {
            charge.put("limits." + name, amount);
          }
        });
    return charge;
  }

  private static boolean isExtended(String name) {
    return name.contains("/") && !name.contains("kubernetes.io/");
  }

  /** Ended, or overdue: a lost node must not keep others from being created. */
  private static boolean isOver(JsonNode pod, Instant now) {
    String phase = Json.text(pod, "status", "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return true;
    }
    String deleted = Json.text(pod, "metadata", "deletionTimestamp");
    long grace = Json.number(pod, -1, "metadata", "deletionGracePeriodSeconds");
    return !deleted.isEmpty()
        && grace >= 0
        && now.isAfter(Instant.parse(deleted).plusSeconds(grace));
  }

  private static void service(JsonNode service, Map<String, Quantity> charge) {
    int ports = Json.items(service, "spec", "ports").size();
    String type = Json.text(service, "spec", "type");
    charge.put("services.loadbalancers", Quantity.ZERO);
    charge.put("services.nodeports", Quantity.ZERO);
    if (type.equals("NodePort")) {
      charge.put("services.nodeports", Quantity.of(ports));
    } else if (type.equals("LoadBalancer")) {
      boolean each = Json.flag(service, true, "spec", "allocateLoadBalancerNodePorts");
      charge.put("services.nodeports", Quantity.of(each ? ports : portsStated(service)));
      charge.put("services.loadbalancers", ONE);
    }
  }

  private static long portsStated(JsonNode service) {
    return Json.items(service, "spec", "ports").stream()
        .filter(port -> Json.number(port, 0, "nodePort") != 0)
        .count();
  }

  private static void claim(JsonNode claim, Map<String, Quantity> charge) {
    charge.put("persistentvolumeclaims", ONE);
    Quantity storage =
        PodAmounts.amounts(Json.at(claim, "spec", "resources"), "requests").get("storage");
    String storageClass = Json.text(claim, "spec", "storageClassName");
    String ofClass = storageClass + ".storageclass.storage.k8s.io/";
    if (!storageClass.isEmpty()) {
      charge.put(ofClass + "persistentvolumeclaims", ONE);
    }
    if (storage != null) {
      charge.put("requests.storage", storage);
      if (!storageClass.isEmpty()) {
        charge.put(ofClass + "requests.storage", storage);
      }
    }
  }
}
