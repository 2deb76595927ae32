package io.troupe.node.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nftables form of a node's routing: base chains, a verdict map from address to service chain,
 * one chain per service port and per endpoint, and one set per endpoint with session affinity.
 * Pure.
 *
 * <p>{@link #script(Set, Set)} is one transaction: chains are flushed and written again, affinity
 * sets are kept, so that an update never forgets a client.
 */
final class RuleSet {
  static final String TABLE = "ip troupe-proxy";
  private static final String MARK = "0x4000";

  /** Where the node stands: its pods, and where it answers DNS ("" when it does not). */
  record NodeNetwork(String clusterCidr, String podCidr, String dnsServiceIp, String dnsListener) {}

  private final NodeNetwork network;
  private final Map<String, StringBuilder> chains = new LinkedHashMap<>();
  private final Map<String, Integer> affinitySets = new LinkedHashMap<>();
  private final Map<String, String> serviceIps = new LinkedHashMap<>();
  private final Map<String, String> nodePorts = new LinkedHashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private final Map<String, String> refusedNodePorts = new LinkedHashMap<>();

  RuleSet(NodeNetwork network, List<ServicePort> ports) {
    this.network = network;
    ports.forEach(this::add);
  }

  private void add(ServicePort port) {
    if (port.clusterIp().equals(network.dnsServiceIp()) && !network.dnsListener().isEmpty()) {
      return; // answered by this node, see dnsRules()
    }
    String internal = "svc-" + id(port.name() + "/" + port.protocol());
    String external = "ext-" + id(port.name() + "/" + port.protocol());
    route(
        serviceIps,
        refused,
        key(port.clusterIp(), port, port.port()),
        internal,
        port.internal(),
        port);
    for (String ip : port.externalIps()) {
      route(serviceIps, refused, key(ip, port, port.port()), external, port.external(), port);
    }
    if (port.nodePort() > 0) {
      String nodeKey = port.protocol() + " . " + port.nodePort();
      route(nodePorts, refusedNodePorts, nodeKey, external, port.external(), port);
    }
    writeService(internal, port, port.internal(), masqueradeFromOutside(port));
    if (port.nodePort() > 0 || !port.externalIps().isEmpty()) {
      String masquerade = port.externalLocal() ? "" : "meta mark set meta mark or " + MARK;
      writeService(external, port, port.external(), masquerade);
    }
  }

  private static void route(
      Map<String, String> served,
      Map<String, String> refused,
      String key,
      String chain,
      List<Endpoint> endpoints,
      ServicePort port) {
    if (!endpoints.isEmpty()) {
      served.putIfAbsent(key, "goto " + chain);
    } else {
      refused.putIfAbsent(key, port.hasEndpoints() ? "drop" : "goto reject-it");
    }
  }

  private static String key(String ip, ServicePort port, int number) {
    return ip + " . " + port.protocol() + " . " + number;
  }

  /** Traffic to a cluster IP that does not come from a pod must return through this node. */
  private String masqueradeFromOutside(ServicePort port) {
    return "ip daddr %s ip saddr != %s meta mark set meta mark or %s"
        .formatted(port.clusterIp(), network.clusterCidr(), MARK);
  }

  private void writeService(
      String chain, ServicePort port, List<Endpoint> endpoints, String masquerade) {
    if (endpoints.isEmpty()) {
      return;
    }
    StringBuilder rules = chain(chain);
    if (!masquerade.isEmpty()) {
      rule(rules, chain, masquerade);
    }
    StringBuilder choices = new StringBuilder();
    for (int i = 0; i < endpoints.size(); i++) {
      Endpoint endpoint = endpoints.get(i);
      String target =
          "ep-"
              + id(
                  port.name()
                      + "/"
                      + port.protocol()
                      + "/"
                      + endpoint.ip()
                      + ":"
                      + endpoint.port());
      writeEndpoint(target, port, endpoint);
      if (port.affinitySeconds() > 0) {
        rule(rules, chain, "ip saddr @aff-%s goto %s".formatted(target.substring(3), target));
      }
      choices.append(i == 0 ? "" : ", ").append(i).append(" : goto ").append(target);
    }
    rule(rules, chain, "numgen random mod %d vmap { %s }".formatted(endpoints.size(), choices));
  }

  private void writeEndpoint(String chain, ServicePort port, Endpoint endpoint) {
    if (chains.containsKey(chain)) {
      return;
    }
    StringBuilder rules = chain(chain);
    rule(rules, chain, "ip saddr %s meta mark set meta mark or %s".formatted(endpoint.ip(), MARK));
    if (port.affinitySeconds() > 0) {
      String set = "aff-" + chain.substring(3);
      affinitySets.put(set, port.affinitySeconds());
      rule(rules, chain, "update @%s { ip saddr }".formatted(set));
    }
    rule(
        rules,
        chain,
        "meta l4proto %s dnat to %s:%d".formatted(port.protocol(), endpoint.ip(), endpoint.port()));
  }

  private StringBuilder chain(String name) {
    return chains.computeIfAbsent(name, n -> new StringBuilder());
  }

  private static void rule(StringBuilder rules, String chain, String text) {
    rules
        .append("add rule ")
        .append(TABLE)
        .append(' ')
        .append(chain)
        .append(' ')
        .append(text)
        .append('\n');
  }

  Set<String> chainNames() {
    return new TreeSet<>(chains.keySet());
  }

  Set<String> affinitySetNames() {
    return new TreeSet<>(affinitySets.keySet());
  }

  /**
   * The transaction that makes the kernel equal to this set, given the chains and affinity sets
   * that it has now.
   */
  String script(Set<String> presentChains, Set<String> presentSets) {
    StringBuilder out = new StringBuilder(4096);
    out.append("add table ").append(TABLE).append('\n');
    for (var set : affinitySets.entrySet()) {
      if (!presentSets.contains(set.getKey())) {
        out.append(
            "add set %s %s { type ipv4_addr; flags dynamic,timeout; timeout %ds; }\n"
                .formatted(TABLE, set.getKey(), set.getValue()));
      }
    }
    declareMaps(out);
    declareBaseChains(out);
    chains
        .keySet()
        .forEach(
            c -> out.append("add chain %s %s\nflush chain %s %s\n".formatted(TABLE, c, TABLE, c)));
    chains.values().forEach(out::append);
    elements(out, "service-ips", serviceIps);
    elements(out, "node-ports", nodePorts);
    elements(out, "refused-ips", refused);
    elements(out, "refused-ports", refusedNodePorts);
    removeStale(out, presentChains, presentSets);
    return out.toString();
  }

  private void declareMaps(StringBuilder out) {
    String address = "type ipv4_addr . inet_proto . inet_service : verdict;";
    String port = "type inet_proto . inet_service : verdict;";
    for (String map : List.of("service-ips", "refused-ips")) {
      out.append(
          "add map %s %s { %s }\nflush map %s %s\n".formatted(TABLE, map, address, TABLE, map));
    }
    for (String map : List.of("node-ports", "refused-ports")) {
      out.append("add map %s %s { %s }\nflush map %s %s\n".formatted(TABLE, map, port, TABLE, map));
    }
  }

  private void declareBaseChains(StringBuilder out) {
    plain(out, "reject-it", List.of("reject"));
    plain(
        out,
        "refuse",
        List.of(
            "ct state new ip daddr . meta l4proto . th dport vmap @refused-ips",
            "ct state new fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @refused-ports"));
    plain(out, "services", serviceRules());
    base(out, "prerouting", "nat", "prerouting", "dstnat", List.of("jump services"));
    base(out, "output", "nat", "output", "-100", List.of("jump services"));
    base(
        out,
        "postrouting",
        "nat",
        "postrouting",
        "srcnat",
        List.of(
            "meta mark & "
                + MARK
                + " == "
                + MARK
                + " meta mark set meta mark xor "
                + MARK
                + " masquerade"));
    for (String hook : List.of("input", "forward", "filter-output")) {
      String real = hook.equals("filter-output") ? "output" : hook;
      base(out, hook, "filter", real, "filter", List.of("jump refuse"));
    }
  }

  private List<String> serviceRules() {
    String byAddress = "ip daddr . meta l4proto . th dport vmap @service-ips";
    String byPort =
        "fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @node-ports";
    if (network.dnsListener().isEmpty() || network.dnsServiceIp().isEmpty()) {
      return List.of(byAddress, byPort);
    }
    String dns = "ip daddr %s meta l4proto %s th dport 53 dnat to %s";
    return List.of(
        dns.formatted(network.dnsServiceIp(), "udp", network.dnsListener()),
        dns.formatted(network.dnsServiceIp(), "tcp", network.dnsListener()),
        byAddress,
        byPort);
  }

  private static void base(
      StringBuilder out,
      String name,
      String type,
      String hook,
      String priority,
      List<String> rules) {
    out.append(
        "add chain %s %s { type %s hook %s priority %s; }\n"
            .formatted(TABLE, name, type, hook, priority));
    write(out, name, rules);
  }

  private static void plain(StringBuilder out, String name, List<String> rules) {
    out.append("add chain %s %s\n".formatted(TABLE, name));
    write(out, name, rules);
  }

  private static void write(StringBuilder out, String name, List<String> rules) {
    out.append("flush chain %s %s\n".formatted(TABLE, name));
    rules.forEach(r -> out.append("add rule %s %s %s\n".formatted(TABLE, name, r)));
  }

  private static void elements(StringBuilder out, String map, Map<String, String> elements) {
    if (!elements.isEmpty()) {
      StringBuilder list = new StringBuilder();
      elements.forEach(
          (k, v) -> list.append(list.isEmpty() ? "" : ", ").append(k).append(" : ").append(v));
      out.append("add element %s %s { %s }\n".formatted(TABLE, map, list));
    }
  }

  private void removeStale(StringBuilder out, Set<String> presentChains, Set<String> presentSets) {
    List<String> stale =
        presentChains.stream()
            .filter(RuleSet::isOurs)
            .filter(c -> !chains.containsKey(c))
            .sorted()
            .toList();
    stale.forEach(c -> out.append("flush chain %s %s\n".formatted(TABLE, c)));
    stale.forEach(c -> out.append("delete chain %s %s\n".formatted(TABLE, c)));
    presentSets.stream()
        .filter(s -> s.startsWith("aff-") && !affinitySets.containsKey(s))
        .sorted()
        .forEach(s -> out.append("delete set %s %s\n".formatted(TABLE, s)));
  }

  private static boolean isOurs(String chain) {
    return chain.startsWith("svc-") || chain.startsWith("ext-") || chain.startsWith("ep-");
  }

  private static String id(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
