package io.troupe.control.apiserver.pki;

import java.time.Duration;
import java.util.List;

/**
 * What a certificate shall say.
 *
 * @param commonName the user name of a client certificate
 * @param organizations its groups
 * @param dnsNames names of a server
 * @param addresses IP addresses of a server, as text
 */
public record LeafRequest(
    String commonName,
    List<String> organizations,
    List<String> dnsNames,
    List<String> addresses,
    boolean server,
    boolean client,
    Duration lifetime) {
  public LeafRequest {
    organizations = List.copyOf(organizations);
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
  }

  public static LeafRequest client(String user, String... groups) {
    return new LeafRequest(
        user, List.of(groups), List.of(), List.of(), false, true, Duration.ofDays(365));
  }

  public static LeafRequest server(String name, List<String> dnsNames, List<String> addresses) {
    return new LeafRequest(
        name, List.of(), dnsNames, addresses, true, false, Duration.ofDays(365));
  }

  /** A certificate for both ends, as members of the Pekko cluster need it. */
  public LeafRequest both() {
    return new LeafRequest(
        commonName, organizations, dnsNames, addresses, true, true, lifetime);
  }
}
