package io.troupe.node.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this machine (or network namespace) carry pod traffic, and follows the Node objects for
 * routes.
 */
public final class PodNetwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodNetwork.class);

  /**
   * Where the node stands.
   *
   * @param clusterCidr addresses of all pods
   * @param podCidr addresses of this node's pods
   */
  public record Settings(
      String nodeName, String clusterCidr, String podCidr, Path cniConfDir, Path cniStateDir) {}

  private final Settings settings;
  private final Map<String, String> routes = new ConcurrentHashMap<>();
  private Subscription subscription;

  private PodNetwork(Settings settings) {
    this.settings = settings;
  }

  /**
   * Sets up the kernel and CNI and starts to follow routes.
   *
   * @throws IOException with the program's words when the kernel refuses
   */
  public static PodNetwork start(ClusterView view, Settings settings) throws IOException {
    PodNetwork network = new PodNetwork(settings);
    network.setUpKernel();
    CniConfig.write(settings.cniConfDir(), settings.podCidr(), settings.cniStateDir());
    network.subscription = view.follow(Resources.NODES, network::onNode);
    return network;
  }

  private void setUpKernel() throws IOException {
    set("net/ipv4/ip_forward", "1");
    // Replies between pods of one bridge must pass the connection table, or service addresses are
    // not undone.
    set("net/bridge/bridge-nf-call-iptables", "1");
    set("net/ipv4/conf/all/rp_filter", "0");
    Command.run(masquerade(settings.clusterCidr(), settings.podCidr()), "nft", "-f", "-");
  }

  private static void set(String name, String value) {
    Path path = Path.of("/proc/sys").resolve(name);
    try {
      if (!Files.readString(path).strip().equals(value)) {
        Files.writeString(path, value);
      }
    } catch (IOException e) {
      LOG.warn("Kernel setting {} is not {}: {}", name.replace('/', '.'), value, e.getMessage());
    }
  }

  /** Pod addresses mean nothing outside of the cluster; inside they are kept from end to end. */
  static String masquerade(String clusterCidr, String podCidr) {
    return """
        add table ip troupe-pods
        delete table ip troupe-pods
        table ip troupe-pods {
          chain postrouting {
            type nat hook postrouting priority srcnat;
            ip saddr %s ip daddr != %s fib daddr type != local oifname != "%s" masquerade
          }
        }
        """
        .formatted(podCidr, clusterCidr, CniConfig.BRIDGE);
  }

  private void onNode(ObjectChange change) {
    String name = Meta.name(change.object());
    if (name.equals(settings.nodeName())) {
      return;
    }
    String cidr = Json.text(change.object(), "spec", "podCIDR");
    String address = internalIp(change.object());
    if (!cidr.isEmpty() && !address.isEmpty()) {
      route(name, cidr, change.after() == null ? "" : address);
    }
  }

  static String internalIp(ObjectNode node) {
    for (JsonNode address : Json.items(node, "status", "addresses")) {
      if (Json.text(address, "type").equals("InternalIP")) {
        return Json.text(address, "address");
      }
    }
    return "";
  }

  private void route(String node, String cidr, String address) {
    String wanted = address.isEmpty() ? null : cidr + " via " + address;
    String before = wanted == null ? routes.remove(node) : routes.put(node, wanted);
    if (java.util.Objects.equals(before, wanted)) {
      return;
    }
    try {
      if (wanted == null) {
        Command.run("", "ip", "route", "del", cidr);
      } else {
        Command.run("", "ip", "route", "replace", cidr, "via", address);
      }
    } catch (IOException e) {
      LOG.warn("No route to the pods of node {}: {}", node, e.getMessage());
    }
  }

  /** Stops following; routes and rules stay, so that running pods keep their network. */
  @Override
  public void close() {
    subscription.close();
  }
}
