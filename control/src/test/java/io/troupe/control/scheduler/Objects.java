package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.concurrent.atomic.AtomicLong;

/** Short ways to write nodes and pods in tests; single quotes stand for double ones. */
public final class Objects {
  private static final AtomicLong UIDS = new AtomicLong();

  private Objects() {}

  public static ObjectNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  /** A node with its hostname and zone as labels. */
  public static ObjectNode node(String name, String zone, String cpu, String memory, int pods) {
    return json(
        "{'metadata':{'name':'%s','uid':'node-%s','labels':{'kubernetes.io/hostname':'%s','topology.kubernetes.io/zone':'%s'}},'spec':{},'status':{'allocatable':{'cpu':'%s','memory':'%s','pods':'%d'}}}"
            .formatted(name, name, name, zone, cpu, memory, pods));
  }

  public static ObjectNode node(String name) {
    return node(name, "z1", "4", "8Gi", 110);
  }

  /** A pending pod; spec fields (without braces) are added to it. */
  public static ObjectNode pod(String name, String cpu, String memory, String spec) {
    return json(
        "{'metadata':{'name':'%s','namespace':'default','uid':'%s-%d','generation':1,'creationTimestamp':'2026-01-01T00:00:00Z','labels':{'app':'%s'}},'spec':{'schedulerName':'default-scheduler','containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'%s','memory':'%s'}}}]%s},'status':{'phase':'Pending'}}"
            .formatted(
                name,
                name,
                UIDS.incrementAndGet(),
                name.replaceAll("-\\d+$", ""),
                cpu,
                memory,
                spec.isEmpty() ? "" : "," + spec));
  }

  public static ObjectNode pod(String name) {
    return pod(name, "100m", "100Mi", "");
  }

  public static ObjectNode bound(ObjectNode pod, String node) {
    ObjectNode bound = pod.deepCopy();
    Json.ensure(bound, "spec").put("nodeName", node);
    return bound;
  }
}
