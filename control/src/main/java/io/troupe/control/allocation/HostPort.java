package io.troupe.control.allocation;

/** A port of the node that a pod takes; address {@code 0.0.0.0} takes it on all addresses. */
public record HostPort(String protocol, String address, int port) {
  private static final String ANY = "0.0.0.0";

  static HostPort of(String protocol, String address, int port) {
    return new HostPort(
        protocol.isEmpty() ? "TCP" : protocol, address.isEmpty() ? ANY : address, port);
  }

  public boolean collidesWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (address.equals(other.address) || address.equals(ANY) || other.address.equals(ANY));
  }

  @Override
  public String toString() {
    return protocol + "/" + address + "/" + port;
  }

  static HostPort parse(String text) {
    String[] parts = text.split("/", -1);
    return new HostPort(parts[0], parts[1], Integer.parseInt(parts[2]));
  }
}
