package io.troupe.control.apiserver.pki;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Under which names and addresses the API server is reached.
 *
 * @param serviceAddress of the {@code kubernetes} Service, for example 10.96.0.1
 * @param clusterDomain for example {@code cluster.local}
 * @param hostNames of the machine, beside localhost
 * @param addresses of the machine, beside loopback
 */
public record ServerNames(
    String serviceAddress, String clusterDomain, List<String> hostNames, List<String> addresses) {
  public ServerNames {
    hostNames = List.copyOf(hostNames);
    addresses = List.copyOf(addresses);
  }

  LeafRequest request() {
    Set<String> dns = new LinkedHashSet<>();
    dns.add("kubernetes");
    dns.add("kubernetes.default");
    dns.add("kubernetes.default.svc");
    dns.add("kubernetes.default.svc." + clusterDomain);
    dns.add("localhost");
    dns.addAll(hostNames);
    Set<String> ips = new LinkedHashSet<>(List.of("127.0.0.1", "::1"));
    if (!serviceAddress.isEmpty()) {
      ips.add(serviceAddress);
    }
    ips.addAll(addresses);
    return LeafRequest.server("kube-apiserver", new ArrayList<>(dns), new ArrayList<>(ips));
  }
}
