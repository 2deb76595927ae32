package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import java.util.List;
import java.util.Set;

/** What may be written to a pod's status (core {@code ValidatePodStatusUpdate}). */
final class PodStatusCheck {
  private static final Set<String> SYSTEM = Set.of("PodScheduled", "Ready", "Initialized");

  private PodStatusCheck() {}

  static void check(ObjectNode pod, ObjectNode old, Errors errors) {
    At status = At.status(pod, errors);
    status.each(
        "conditions",
        condition -> {
          if (!SYSTEM.contains(condition.text("type"))) {
            String type = condition.text("type");
            errors.invalid(condition.at("Type"), type, Names.qualifiedName(type));
          }
        });
    nomination(status, old);
    status.immutable("qosClass", old.path("status"));
    for (String list : List.of("containerStatuses", "initContainerStatuses")) {
      restarts(status, old, list);
    }
    ips(status, "podIP", "podIPs");
    ips(status, "hostIP", "hostIPs");
  }

  private static void nomination(At status, ObjectNode old) {
    String nominated = status.text("nominatedNodeName");
    if (nominated.isEmpty() || nominated.equals(Json.text(old, "status", "nominatedNodeName"))) {
      return;
    }
    status.follows("nominatedNodeName", Names::dnsSubdomain);
    if (!Json.text(old, "spec", "nodeName").isEmpty()) {
      status.forbidden(
          "nominatedNodeName", "may not be set on pods that are already bound to a node");
    }
  }

  /** A container that ended for good stays ended. */
  private static void restarts(At status, ObjectNode old, String list) {
    String podPolicy = Json.text(old, "spec", "restartPolicy");
    String specList = list.equals("containerStatuses") ? "containers" : "initContainers";
    List<JsonNode> before = Json.items(old, "status", list);
    for (int i = 0; i < before.size(); i++) {
      JsonNode held = before.get(i);
      JsonNode ended = Json.at(held, "state", "terminated");
      if (ended.isMissingNode() || mayRestart(old, specList, held, podPolicy)) {
        continue;
      }
      for (JsonNode now : Json.items(status.node(), list)) {
        if (Same.equal(now, held, "name") && Json.at(now, "state", "terminated").isMissingNode()) {
          status
              .errors()
              .forbidden(
                  status.at(list).index(i).child("state"),
                  "may not be transitioned to non-terminated state");
        }
      }
    }
  }

  private static boolean mayRestart(
      ObjectNode pod, String specList, JsonNode status, String podPolicy) {
    long exitCode = Json.number(status, 0, "state", "terminated", "exitCode");
    for (JsonNode container : Json.items(pod, "spec", specList)) {
      if (Same.equal(container, status, "name")) {
        String own = Json.text(container, "restartPolicy");
        String policy = own.isEmpty() ? podPolicy : own;
        return container.has("restartPolicyRules")
            || policy.equals("Always")
            || (policy.equals("OnFailure") && exitCode != 0);
      }
    }
    return podPolicy.equals("Always");
  }

  private static void ips(At status, String single, String list) {
    JsonNode ips = status.node().path(list);
    status.each(
        list, ip -> ip.errors().invalid(ip.path(), ip.text("ip"), Addresses.ip(ip.text("ip"))));
    if (!ips.isEmpty() && !Json.text(ips.get(0), "ip").equals(status.text(single))) {
      status
          .errors()
          .invalid(
              status.at(list).index(0).child("ip"),
              Json.text(ips.get(0), "ip"),
              "must be equal to `" + single + "`");
    }
    long six = Json.items(ips).stream().filter(i -> Json.text(i, "ip").contains(":")).count();
    if (ips.size() > 2 || (ips.size() == 2 && six != 1)) {
      status.invalid(list, "may specify no more than one IP for each IP family");
    }
  }
}
