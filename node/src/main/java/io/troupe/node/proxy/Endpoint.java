package io.troupe.node.proxy;

/** An address that serves a port of a Service. */
record Endpoint(String ip, int port, boolean local) implements Comparable<Endpoint> {
  @Override
  public int compareTo(Endpoint other) {
    int byIp = ip.compareTo(other.ip);
    return byIp != 0 ? byIp : Integer.compare(port, other.port);
  }
}
