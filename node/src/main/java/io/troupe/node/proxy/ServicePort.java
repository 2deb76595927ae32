package io.troupe.node.proxy;

import java.util.List;

/**
 * One port of a Service with the endpoints that traffic on this node may go to.
 *
 * @param name {@code namespace/service:port}
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param nodePort 0 for none
 * @param externalIps external and load-balancer addresses
 * @param affinitySeconds 0 for no session affinity
 * @param internal endpoints for traffic to the cluster IP
 * @param external endpoints for traffic to node ports and external addresses
 * @param externalLocal whether external traffic keeps its source address ({@code
 *     externalTrafficPolicy: Local})
 * @param hasEndpoints whether any endpoint exists in the cluster: a port without any rejects, one
 *     without a local endpoint under a Local policy drops
 */
record ServicePort(
    String name,
    String clusterIp,
    String protocol,
    int port,
    int nodePort,
    List<String> externalIps,
    int affinitySeconds,
    List<Endpoint> internal,
    List<Endpoint> external,
    boolean externalLocal,
    boolean hasEndpoints) {}
