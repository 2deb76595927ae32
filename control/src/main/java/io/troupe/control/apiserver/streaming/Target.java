package io.troupe.control.apiserver.streaming;

/**
 * Where a request goes on.
 *
 * @param kubelet whether it is a kubelet, called with the API server's certificate and checked
 *     against the cluster's CA; other TLS backends are not checked, as upstream's proxy does not
 */
record Target(String host, int port, boolean tls, boolean kubelet, String uri) {
  Target path(String newUri) {
    return new Target(host, port, tls, kubelet, newUri);
  }
}
