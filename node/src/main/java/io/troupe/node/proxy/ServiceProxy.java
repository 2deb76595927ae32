package io.troupe.node.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.node.proxy.RuleSet.NodeNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel's rules equal to the cluster's Services. Changes within a few milliseconds
 * become one transaction; a refused transaction is tried again from what the kernel really has.
 */
public final class ServiceProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);
  private static final long GATHER_MILLIS = 20;
  private static final long RETRY_MILLIS = 1_000;

  private final Routing routing;
  private final NodeNetwork network;
  private final Nft nft = new Nft();
  private final ConcurrentHashMap<String, ObjectNode> services = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ObjectNode> slices = new ConcurrentHashMap<>();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("service-proxy").factory());
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private volatile boolean started;
  // What the kernel has; touched only by the worker.
  private Set<String> presentChains = Set.of();
  private Set<String> presentSets = Set.of();
  private boolean known;
  private List<ServicePort> last = List.of();

  private ServiceProxy(Routing routing, NodeNetwork network) {
    this.routing = routing;
    this.network = network;
  }

  /**
   * Starts to follow the cluster; returns when the first rules are in the kernel.
   *
   * @param clusterCidr addresses of all pods
   * @param dnsListener {@code address:port} where this node answers DNS for the cluster's DNS
   *     address, or ""
   */
  public static ServiceProxy start(
      ClusterView view,
      String nodeName,
      String zone,
      String clusterCidr,
      String dnsServiceIp,
      String dnsListener) {
    NodeNetwork network = new NodeNetwork(clusterCidr, "", dnsServiceIp, dnsListener);
    ServiceProxy proxy = new ServiceProxy(new Routing(nodeName, zone), network);
    proxy.follow(view, Resources.SERVICES, proxy.services);
    proxy.follow(view, Resources.ENDPOINT_SLICES, proxy.slices);
    proxy.started = true;
    proxy.schedule(0);
    return proxy;
  }

  private void follow(
      ClusterView view, Resource type, ConcurrentHashMap<String, ObjectNode> objects) {
    subscriptions.add(
        view.follow(
            type,
            change -> {
              ObjectNode object = change.object();
              String key =
                  object.path("metadata").path("namespace").asText()
                      + "/"
                      + object.path("metadata").path("name").asText();
              if (change.after() == null) {
                objects.remove(key);
              } else {
                objects.put(key, change.after());
              }
              if (started) {
                schedule(GATHER_MILLIS);
              }
            }));
  }

  private void schedule(long delayMillis) {
    if (!worker.isShutdown() && scheduled.compareAndSet(false, true)) {
      worker.schedule(this::sync, delayMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void sync() {
    scheduled.set(false);
    try {
      apply(services.values(), slices.values());
    } catch (IOException | RuntimeException e) {
      LOG.warn("Service rules were not applied, trying again: {}", e.getMessage());
      known = false;
      schedule(RETRY_MILLIS);
    }
  }

  private void apply(Collection<ObjectNode> services, Collection<ObjectNode> slices)
      throws IOException {
    List<ServicePort> ports = routing.compute(services, slices);
    if (known && ports.equals(last)) {
      return;
    }
    if (!known) {
      Nft.Present present = nft.present();
      presentChains = present.chains();
      presentSets = present.sets();
    }
    RuleSet rules = new RuleSet(network, ports);
    nft.apply(rules.script(presentChains, presentSets));
    forgetUdpFlows(last, ports);
    presentChains = rules.chainNames();
    presentSets = rules.affinitySetNames();
    last = ports;
    known = true;
  }

  /**
   * A UDP flow outlives its endpoint in the kernel's connection table; drop flows to endpoints that
   * went.
   */
  private static void forgetUdpFlows(List<ServicePort> before, List<ServicePort> after)
      throws IOException {
    Set<String> now = new HashSet<>();
    after.stream().filter(p -> p.protocol().equals("udp")).forEach(p -> targets(p, now));
    Set<String> gone = new HashSet<>();
    before.stream().filter(p -> p.protocol().equals("udp")).forEach(p -> targets(p, gone));
    gone.removeAll(now);
    for (String pair : gone) {
      String[] parts = pair.split(" ", 2);
      Nft.run("", "conntrack", "-D", "-p", "udp", "--orig-dst", parts[0], "--dst-nat", parts[1]);
    }
    for (ServicePort port : after) {
      boolean first =
          port.protocol().equals("udp")
              && !port.internal().isEmpty()
              && before.stream()
                  .anyMatch(b -> b.name().equals(port.name()) && b.internal().isEmpty());
      if (first) { // packets sent before the first endpoint came have pinned an un-translated flow
        Nft.run("", "conntrack", "-D", "-p", "udp", "--orig-dst", port.clusterIp());
      }
    }
  }

  private static void targets(ServicePort port, Set<String> pairs) {
    port.internal().forEach(e -> pairs.add(port.clusterIp() + " " + e.ip()));
  }

  /** Stops following; the rules stay in the kernel. */
  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
    worker.shutdownNow();
  }
}
