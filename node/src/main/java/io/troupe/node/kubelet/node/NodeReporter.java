package io.troupe.node.kubelet.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.kubelet.container.NodeFacts;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers the node, keeps its status true and its Lease renewed. */
public final class NodeReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration PERIOD_NOT_READY = Duration.ofMillis(500);
  private static final Duration REPORT_UNCHANGED = Duration.ofMinutes(5);

  /** A runtime may have other conditions, for example that it has no deprecation warnings. */
  private static final Set<String> REQUIRED = Set.of("RuntimeReady", "NetworkReady");

  private static final int LEASE_SECONDS = 40;
  private static final String LEASE_NAMESPACE = "kube-node-lease";

  private final KubeletSettings settings;
  private final KubeClient client;
  private final Clock clock;
  private final Machine machine;
  private final NodeObject object;

  private volatile JsonNode told = Json.object();
  private final CountDownLatch isRegistered = new CountDownLatch(1);
  private Instant reported = Instant.EPOCH;
  private Thread statusLoop;
  private Thread leaseLoop;

  public NodeReporter(KubeletSettings settings, KubeClient client, Clock clock) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
    this.machine = Machine.read(settings.dataDir());
    this.object = new NodeObject(settings, machine, settings.runtime().version());
  }

  /** What containers may learn of the node. */
  public NodeFacts facts() {
    return new NodeFacts(
        settings.nodeName(),
        settings.nodeIps(),
        BigDecimal.valueOf(machine.cpus()),
        BigDecimal.valueOf(object.allocatableMemory()),
        BigDecimal.valueOf(machine.diskBytes() * 9 / 10),
        machine.memoryBytes());
  }

  public Map<String, String> labels() {
    return Meta.texts(object.labels());
  }

  /** Registers and reports once, then goes on in the background; returns at once. */
  public void start() {
    statusLoop = Thread.ofVirtual().name("node status").start(this::reportForever);
    leaseLoop = Thread.ofVirtual().name("node lease").start(this::renewForever);
  }

  private void reportForever() {
    boolean registered = false;
    try {
      while (true) {
        try {
          if (!registered) {
            register();
            registered = true;
            isRegistered.countDown();
          }
          report();
        } catch (RefusedException e) {
          registered &= !e.isNotFound();
          LOG.warn("node status not written: {}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.warn("node status not written: {}", e.toString());
        }
        Thread.sleep(isReady() ? PERIOD : PERIOD_NOT_READY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isReady() {
    return Json.items(told, "conditions").stream()
        .anyMatch(
            c -> Json.text(c, "type").equals("Ready") && Json.text(c, "status").equals("True"));
  }

  private void register() {
    try {
      ObjectNode node = object.node();
      node.set("status", object.status(told, conditions(), images(), clock.instant()));
      client.create(Resources.NODES, node);
    } catch (RefusedException e) {
      if (!e.isAlreadyExists()) {
        throw e;
      }
      adopt();
    }
  }

  /** The node is known from before: its labels are brought up to date. */
  private void adopt() {
    ObjectNode node = client.get(Resources.NODES, "", settings.nodeName());
    told = node.path("status");
    ObjectNode labels = object.labels();
    boolean same =
        labels.properties().stream()
            .allMatch(l -> l.getValue().asText().equals(Meta.labels(node).get(l.getKey())));
    if (!same) {
      ObjectNode patch = Json.object();
      patch.putObject("metadata").set("labels", labels);
      client.patch(Resources.NODES, "", settings.nodeName(), "", PatchType.STRATEGIC, patch);
    }
  }

  private List<Cri.RuntimeCondition> conditions() {
    try {
      return settings.runtime().status().getStatus().getConditionsList().stream()
          .filter(c -> REQUIRED.contains(c.getType()))
          .toList();
    } catch (RuntimeFault fault) {
      return List.of();
    }
  }

  private List<Cri.Image> images() {
    try {
      return settings.runtime().images();
    } catch (RuntimeFault fault) {
      return List.of();
    }
  }

  /** Writes the status when it changed, and now and then when it did not. */
  private void report() {
    Instant now = clock.instant();
    ObjectNode status = object.status(told, conditions(), images(), now);
    boolean due = Duration.between(reported, now).compareTo(REPORT_UNCHANGED) >= 0;
    if (!due && withoutHeartbeat(status).equals(withoutHeartbeat(told))) {
      return;
    }
    ObjectNode patch = Json.object();
    ObjectNode changes = status.deepCopy();
    addressesReplace(changes);
    patch.set("status", changes);
    client.patch(Resources.NODES, "", settings.nodeName(), "status", PatchType.STRATEGIC, patch);
    told = status;
    reported = now;
  }

  /** Addresses merge by type, and two may have one type: the list is replaced as a whole. */
  private static void addressesReplace(ObjectNode status) {
    ((ArrayNode) status.get("addresses")).addObject().put("$patch", "replace");
  }

  private static JsonNode withoutHeartbeat(JsonNode status) {
    JsonNode copy = status.deepCopy();
    for (JsonNode condition : Json.items(copy, "conditions")) {
      ((ObjectNode) condition).remove("lastHeartbeatTime");
    }
    return copy;
  }

  private void renewForever() {
    try {
      isRegistered.await();
      while (true) {
        boolean renewed = renew();
        Thread.sleep(renewed ? PERIOD : Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean renew() {
    try {
      String now = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
      ObjectNode patch = Json.object();
      patch.putObject("spec").put("renewTime", micro(now));
      try {
        client.patch(
            Resources.LEASES, LEASE_NAMESPACE, settings.nodeName(), "", PatchType.MERGE, patch);
      } catch (RefusedException e) {
        if (!e.isNotFound()) {
          throw e;
        }
        client.create(Resources.LEASES, lease(micro(now)));
      }
      return true;
    } catch (RuntimeException e) {
      LOG.warn("node lease not renewed: {}", e.getMessage());
      return false;
    }
  }

  /** {@code metav1.MicroTime} always has six digits. */
  private static String micro(String instant) {
    String digits = instant.contains(".") ? instant.replaceAll(".*\\.|Z", "") : "";
    return instant.replaceAll("(\\.\\d+)?Z$", "") + "." + (digits + "000000").substring(0, 6) + "Z";
  }

  private ObjectNode lease(String now) {
    ObjectNode lease = Json.object();
    lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    ObjectNode metadata = lease.putObject("metadata");
    metadata.put("name", settings.nodeName()).put("namespace", LEASE_NAMESPACE);
    ObjectNode node = client.get(Resources.NODES, "", settings.nodeName());
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", settings.nodeName())
        .put("uid", Meta.uid(node));
    ObjectNode spec = lease.putObject("spec");
    spec.put("holderIdentity", settings.nodeName()).put("leaseDurationSeconds", LEASE_SECONDS);
    spec.put("renewTime", now);
    return lease;
  }

  @Override
  public void close() {
    statusLoop.interrupt();
    leaseLoop.interrupt();
  }
}
