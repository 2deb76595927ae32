/**
 * What kube-proxy is to Kubernetes: Services become nftables rules on this node.
 *
 * <p>Services and EndpointSlices flow in from a {@link io.troupe.api.client.ClusterView}; {@link
 * io.troupe.node.proxy.Routing} decides, without IO, which endpoints serve which address; {@link
 * io.troupe.node.proxy.RuleSet} writes that as one nftables script; {@link
 * io.troupe.node.proxy.ServiceProxy} applies it in one atomic transaction. The rules live in the
 * kernel, so they outlive this process.
 *
 * <p>Left out: IPVS and iptables modes, IPv6, load-balancer source ranges.
 */
package io.troupe.node.proxy;
