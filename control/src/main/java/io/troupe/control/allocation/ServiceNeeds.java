package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fills granted addresses and ports into one Service and collects what is still needed. */
final class ServiceNeeds {
  private final ObjectNode spec;
  private final JsonNode before;
  private final Grants grants;
  private final List<Need> needs = new ArrayList<>();
  private final Set<Integer> mine;
  private final Deque<Integer> freePorts;

  private ServiceNeeds(ObjectNode spec, JsonNode before, Grants grants) {
    this.spec = spec;
    this.before = before;
    this.grants = grants;
    this.mine = new HashSet<>(ServiceSpec.heldPorts(before));
    Set<Integer> asked = new HashSet<>(ServiceSpec.heldPorts(spec));
    this.freePorts = new ArrayDeque<>(grants.ports());
    this.freePorts.removeIf(asked::contains);
    this.mine.addAll(grants.ports());
  }

  /** Changes spec in place; before is a missing node for a creation. */
  static List<Need> fill(ObjectNode spec, JsonNode before, Grants grants) {
    ServiceNeeds filling = new ServiceNeeds(spec, before, grants);
    filling.addresses();
    if (ServiceSpec.mayHaveNodePorts(spec)) {
      filling.nodePorts();
    }
    if (ServiceSpec.needsHealthCheckPort(spec)) {
      filling.healthCheckPort();
    }
    return filling.needs;
  }

  private void addresses() {
    if (ServiceSpec.isExternalName(spec) || ServiceSpec.isHeadless(spec)) {
      return;
    }
    List<String> held = ServiceSpec.heldAddresses(before);
    List<String> wanted = ServiceSpec.heldAddresses(spec);
    for (int i = 0; i < wanted.size(); i++) {
      String address = wanted.get(i);
      if (!held.contains(address) && !grants.addresses().contains(address)) {
        needs.add(new Need(Need.Sort.CLUSTER_IP, address, "spec.clusterIPs"));
      }
    }
    if (wanted.isEmpty()) {
      if (grants.addresses().isEmpty()) {
        needs.add(new Need(Need.Sort.CLUSTER_IP, "", "spec.clusterIPs"));
      } else {
        setAddress(grants.addresses().getFirst());
      }
    }
  }

  private void setAddress(String address) {
    ArrayNode all = Json.array().add(address);
    spec.put("clusterIP", address);
    spec.set("clusterIPs", all);
  }

  private void nodePorts() {
    // A creation gives equal port numbers (TCP and UDP of one port) one node port.
    Map<Long, Integer> shared = before.isMissingNode() ? requested() : new HashMap<>();
    List<ObjectNode> ports = ServiceSpec.ports(spec);
    for (int i = 0; i < ports.size(); i++) {
      ObjectNode port = ports.get(i);
      long number = Json.number(port, 0, "port");
      String field = "spec.ports[" + i + "].nodePort";
      if (ServiceSpec.nodePort(port) > 0) {
        claimed(Need.Sort.NODE_PORT, ServiceSpec.nodePort(port), field);
      } else if (ServiceSpec.needsNodePorts(spec)) {
        Integer same = before.isMissingNode() ? shared.get(number) : null;
        int drawn = same != null ? same : next(Need.Sort.NODE_PORT, field);
        if (drawn > 0) {
          shared.put(number, drawn);
          port.put("nodePort", drawn);
        } else if (before.isMissingNode()) {
          shared.put(number, 0);
        }
      }
    }
  }

  private Map<Long, Integer> requested() {
    Map<Long, Integer> requested = new HashMap<>();
    for (ObjectNode port : ServiceSpec.ports(spec)) {
      if (ServiceSpec.nodePort(port) > 0) {
        requested.putIfAbsent(Json.number(port, 0, "port"), ServiceSpec.nodePort(port));
      }
    }
    return requested;
  }

  private void healthCheckPort() {
    int port = ServiceSpec.healthCheckPort(spec);
    if (port > 0) {
      claimed(Need.Sort.HEALTH_CHECK_NODE_PORT, port, "spec.healthCheckNodePort");
      return;
    }
    int drawn = next(Need.Sort.HEALTH_CHECK_NODE_PORT, "spec.healthCheckNodePort");
    if (drawn > 0) {
      spec.put("healthCheckNodePort", drawn);
    }
  }

  private void claimed(Need.Sort sort, int port, String field) {
    if (mine.add(port)) {
      needs.add(new Need(sort, Integer.toString(port), field));
    }
  }

  private int next(Need.Sort sort, String field) {
    Integer drawn = freePorts.poll();
    if (drawn == null) {
      needs.add(new Need(sort, "", field));
      return 0;
    }
    return drawn;
  }
}
