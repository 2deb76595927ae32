/**
 * What CoreDNS is to Kubernetes: the cluster's DNS, answered on each node from the same watch as
 * the proxy.
 *
 * <p>{@link io.troupe.node.dns.Records} answers a question from Services and EndpointSlices,
 * without IO, after the Kubernetes DNS specification 1.1; {@link io.troupe.node.dns.ClusterDns}
 * serves it over UDP and TCP and forwards other names to the machine's own resolvers.
 */
package io.troupe.node.dns;
