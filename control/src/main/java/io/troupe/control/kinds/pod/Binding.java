package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.kinds.admit.TopologyLabels;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.SubresourceRule;
import java.util.List;

/** {@code pods/binding}: puts a pod on a node, once. */
final class Binding implements SubresourceRule {
  private static final GroupResource SHOWN = new GroupResource("", "pods/binding");

  @Override
  public boolean hasOwnKind() {
    return true;
  }

  @Override
  public ObjectNode write(ObjectNode binding, ObjectNode old, Facts facts) {
    String node = target(binding, facts);
    refuseIfNotFree(old);
    ObjectNode pod = old.deepCopy();
    Json.ensure(pod, "spec").put("nodeName", node);
    merge(binding, pod, "annotations");
    merge(binding, pod, "labels");
    TopologyLabels.admit(pod, facts);
    ObjectNode status = Json.ensure(pod, "status");
    scheduled(status, facts);
    status.remove("nominatedNodeName");
    return pod;
  }

  private static String target(ObjectNode binding, Facts facts) {
    Errors errors = new Errors();
    At target = At.top(binding, "target", errors);
    if (!target.lacks("kind") && !target.text("kind").equals("Node")) {
      errors.notSupported(target.at("kind"), target.text("kind"), List.of("Node", "<empty>"));
    }
    target.requiredFollows("name", Names::dnsSubdomain);
    if (!errors.isEmpty()) {
      throw new RefusedException(errors.refusal("", "Binding", facts.key().name()));
    }
    return target.text("name");
  }

  private static void refuseIfNotFree(ObjectNode pod) {
    String name = Meta.name(pod);
    String held = Json.text(pod, "spec", "nodeName");
    if (Meta.isDeleting(pod)) {
      throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    if (!held.isEmpty()) {
      throw conflict(name, "pod " + name + " is already assigned to node " + Errors.quote(held));
    }
    if (!Json.items(pod, "spec", "schedulingGates").isEmpty()) {
      throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
  }

  private static RefusedException conflict(String name, String why) {
    return new RefusedException(Refusal.conflict(SHOWN, name, why));
  }

  private static void merge(ObjectNode binding, ObjectNode pod, String field) {
    JsonNode given = Json.at(binding, "metadata", field);
    if (given instanceof ObjectNode entries && !entries.isEmpty()) {
      Json.ensure(pod, "metadata", field).setAll(entries);
    }
  }

  private static void scheduled(ObjectNode status, Facts facts) {
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode held ? held : status.putArray("conditions");
    ObjectNode condition = Json.object();
    condition.put("type", "PodScheduled").put("status", "True");
    condition.putNull("lastProbeTime").put("lastTransitionTime", facts.now());
    for (int i = 0; i < conditions.size(); i++) {
      if (Json.text(conditions.get(i), "type").equals("PodScheduled")) {
        conditions.set(i, condition);
        return;
      }
    }
    conditions.add(condition);
  }
}
