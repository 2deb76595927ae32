package io.troupe.control.controllers.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Watches the heartbeats of nodes and taints those that are silent or unwell. */
public final class NodeLifecycleController implements Controller {
  private static final String LEASES_NAMESPACE = "kube-node-lease";
  private static final List<String> HEARTBEAT_CONDITIONS =
      List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  /** Label that older clients know, by the label that took its place. */
  private static final Map<String, String> OLD_LABELS =
      Map.of(
          "kubernetes.io/os", "beta.kubernetes.io/os",
          "kubernetes.io/arch", "beta.kubernetes.io/arch");

  /** What was last heard of a node, and when by this process's clock. */
  private record Heard(String uid, String heartbeat, String renewal, Instant at) {}

  private final NodeTimes times;

  public NodeLifecycleController(NodeTimes times) {
    this.times = times;
  }

  @Override
  public String name() {
    return "node";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.NODES),
        Input.each(
            Resources.LEASES,
            lease ->
                Meta.namespace(lease).equals(LEASES_NAMESPACE)
                    ? List.of(new Key("", Meta.name(lease)))
                    : List.of()),
        Input.readOnly(Resources.PODS));
  }

  @Override
  public List<Output> outputs() {
    return List.of(
        new Output(Resources.NODES, "conditions of silent nodes"),
        new Output(Resources.NODES, "taints by condition"),
        new Output(Resources.PODS, "readiness on silent nodes"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.NODES)
        .map(node -> reconcile(round, node))
        .orElseGet(() -> removed(round));
  }

  private static Plan removed(Round round) {
    return round
        .remembered(Heard.class)
        .map(
            heard -> {
              ObjectNode node = Json.object();
              String name = round.key().name();
              node.putObject("metadata").put("name", name).put("uid", heard.uid);
              return Plan.of(
                  nodeEvent(node, "RemovingNode", "Removing Node " + name + " from Controller"));
            })
        .orElse(Plan.NOTHING);
  }

  private Plan reconcile(Round round, ObjectNode node) {
    Heard heard = hear(round, node);
    Duration grace = Taints.ready(node).isEmpty() ? times.startupGrace() : times.monitorGrace();
    Instant silentFrom = heard.at.plus(grace);
    boolean silent = silentFrom.isBefore(round.now());
    List<Write> unknown = silent ? markUnknown(round, node) : List.of();
    Plan next = unknown.isEmpty() ? keepTaints(round, node) : Plan.of(unknown);
    List<Write> writes = new ArrayList<>(registered(round, node));
    writes.addAll(next.writes());
    Plan plan = new Plan(writes, next.again(), null);
    Duration untilSilent = silent ? null : Duration.between(round.now(), silentFrom).plusMillis(1);
    return plan.againAfter(untilSilent).remembering(heard);
  }

  /** A change of heartbeat or lease counts from when it is seen: clocks of nodes may be wrong. */
  private static Heard hear(Round round, ObjectNode node) {
    String heartbeat =
        Conditions.find(node, "Ready").map(c -> Json.text(c, "lastHeartbeatTime")).orElse("");
    String renewal =
        round
            .view()
            .find(Resources.LEASES, LEASES_NAMESPACE, Meta.name(node))
            .map(lease -> Json.text(lease, "spec", "renewTime"))
            .orElse("");
    return round
        .remembered(Heard.class)
        .filter(before -> before.uid.equals(Meta.uid(node)))
        .map(
            before ->
                before.heartbeat.equals(heartbeat) && before.renewal.equals(renewal)
                    ? before
                    : new Heard(before.uid, heartbeat, renewal, round.now()))
        .orElseGet(() -> new Heard(Meta.uid(node), heartbeat, renewal, first(round, node)));
  }

  private static Instant first(Round round, ObjectNode node) {
    return Taints.ready(node).isEmpty() ? Times.created(node).orElse(round.now()) : round.now();
  }

  private static List<Write> registered(Round round, ObjectNode node) {
    boolean isNew =
        Times.created(node).filter(at -> at.plusSeconds(60).isAfter(round.now())).isPresent();
    if (!isNew || round.remembered(Heard.class).isPresent()) {
      return List.of();
    }
    String text = "Registered Node " + Meta.name(node) + " in Controller";
    return List.of(nodeEvent(node, "RegisteredNode", text));
  }

  private static Write nodeEvent(ObjectNode node, String reason, String text) {
    String message = "Node " + Meta.name(node) + " event: " + text;
    return EmitEvent.normal(Resources.NODES, node, reason, message);
  }

  private static List<Write> markUnknown(Round round, ObjectNode node) {
    ObjectNode status = Statuses.draft(node);
    for (String type : HEARTBEAT_CONDITIONS) {
      ObjectNode next = unknown(Conditions.findIn(status, type).orElse(null), type, node, round);
      Conditions.replace(status, type, next);
    }
    List<Write> writes = new ArrayList<>(Statuses.write(Resources.NODES, node, status));
    boolean wasReady = Taints.ready(node).equals("True");
    if (wasReady) {
      String message = "Node " + Meta.name(node) + " status is now: NodeNotReady";
      writes.add(EmitEvent.normal(Resources.NODES, node, "NodeNotReady", message));
    }
    writes.addAll(markPodsNotReady(round, node));
    return writes;
  }

  private static ObjectNode unknown(JsonNode before, String type, ObjectNode node, Round round) {
    ObjectNode next = before == null ? Json.object() : before.deepCopy();
    if (before == null) {
      next.put("type", type).put("status", "Unknown");
      next.put("lastHeartbeatTime", Json.text(node, "metadata", "creationTimestamp"));
      next.put("lastTransitionTime", Times.format(round.now()));
      next.put("reason", "NodeStatusNeverUpdated");
      next.put("message", "Kubelet never posted node status.");
    } else if (!Json.text(before, "status").equals("Unknown")) {
      next.put("status", "Unknown");
      next.put("lastTransitionTime", Times.format(round.now()));
      next.put("reason", "NodeStatusUnknown");
      next.put("message", "Kubelet stopped posting node status.");
    }
    return next;
  }

  /** Nobody else can say so: the kubelet is silent. Services drop the pods' endpoints. */
  private static List<Write> markPodsNotReady(Round round, ObjectNode node) {
    List<Write> writes = new ArrayList<>();
    for (ObjectNode pod : round.view().list(Resources.PODS, "")) {
      if (!Pods.nodeName(pod).equals(Meta.name(node)) || !Pods.isReady(pod)) {
        continue;
      }
      ObjectNode status = Statuses.draft(pod);
      ObjectNode ready = Conditions.findIn(status, "Ready").orElseThrow().deepCopy();
      ready.put("status", "False").put("lastTransitionTime", Times.format(round.now()));
      Conditions.replace(status, "Ready", ready);
      writes.addAll(Statuses.write(Resources.PODS, pod, status));
      writes.add(EmitEvent.warning(Resources.PODS, pod, "NodeNotReady", "Node is not ready"));
    }
    return writes;
  }

  private Plan keepTaints(Round round, ObjectNode node) {
    EvictionPace pace = new EvictionPace(round.view().list(Resources.NODES, ""), times);
    String bad =
        switch (Taints.ready(node)) {
          case "False" -> Taints.NOT_READY;
          case "Unknown" -> Taints.UNREACHABLE;
          default -> "";
        };
    Duration wait = null;
    if (!bad.isEmpty()) {
      if (pace.isAllDisrupted()) {
        bad = "";
        wait = Duration.ofSeconds(5);
      } else if (!hasOwnNoExecute(node)) {
        Duration until = pace.untilAllowed(node, round.now());
        if (until == null || !until.isZero()) {
          bad = "";
          wait = until == null ? Duration.ofSeconds(5) : until;
        }
      }
    }
    return Plan.of(writes(round, node, bad)).againAfter(wait);
  }

  private static boolean hasOwnNoExecute(ObjectNode node) {
    return Taints.has(node, Taints.NOT_READY, "NoExecute")
        || Taints.has(node, Taints.UNREACHABLE, "NoExecute");
  }

  private static List<Write> writes(Round round, ObjectNode node, String noExecute) {
    ArrayNode taints = Taints.wanted(node, noExecute, round.now());
    ObjectNode patch = Json.object();
    ObjectNode metadata = patch.putObject("metadata");
    ObjectNode labels = oldLabels(node);
    JsonNode present = Json.at(node, "spec", "taints");
    boolean same = present.isEmpty() ? taints.isEmpty() : JsonEquality.same(present, taints);
    if (same && labels.isEmpty()) {
      return List.of();
    }
    if (!labels.isEmpty()) {
      metadata.set("labels", labels);
    }
    if (!same) {
      metadata.put("resourceVersion", Json.text(node, "metadata", "resourceVersion"));
      ObjectNode spec = patch.putObject("spec");
      if (taints.isEmpty()) {
        spec.putNull("taints");
      } else {
        spec.set("taints", taints);
      }
    }
    return List.of(Write.merge(Resources.NODES, node, patch));
  }

  private static ObjectNode oldLabels(ObjectNode node) {
    Map<String, String> labels = Meta.labels(node);
    ObjectNode missing = Json.object();
    OLD_LABELS.forEach(
        (label, old) -> {
          if (labels.containsKey(label) && !labels.get(label).equals(labels.get(old))) {
            missing.put(old, labels.get(label));
          }
        });
    return missing;
  }
}
