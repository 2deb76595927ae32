package io.troupe.control.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what is absent; what users have changed since is left as they want it. */
public final class SystemObjects {
  private static final Logger LOG = LoggerFactory.getLogger(SystemObjects.class);
  private static final Resource SLICES = Resources.ENDPOINT_SLICES;

  /**
   * Addresses of the cluster's own Services.
   *
   * @param dnsIp "" for no kube-dns Service
   */
  public record Addresses(String apiServiceIp, String dnsIp) {}

  private final KubeClient client;
  private final ClusterView view;

  public SystemObjects(KubeClient client, ClusterView view) {
    this.client = client;
    this.view = view;
  }

  /** Namespaces first, then everything in them, many at once. Blocks until done. */
  public void ensure(Addresses addresses) {
    all(
        List.of("default", "kube-system", "kube-public", "kube-node-lease").stream()
            .map(n -> new RbacFacts.Wanted(Resources.NAMESPACES, namespace(n)))
            .toList());
    List<RbacFacts.Wanted> rest = new ArrayList<>();
    rest.add(
        priorityClass(
            "system-cluster-critical",
            2_000_000_000L,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."));
    rest.add(
        priorityClass(
            "system-node-critical",
            2_000_001_000L,
            "Used for system critical pods that must not be moved from their current node."));
    rest.add(new RbacFacts.Wanted(Resources.SERVICES, apiService(addresses.apiServiceIp())));
    if (!addresses.dnsIp().isEmpty()) {
      rest.add(new RbacFacts.Wanted(Resources.SERVICES, dnsService(addresses.dnsIp())));
    }
    rest.addAll(RbacFacts.all());
    rest.addAll(nodeRights());
    rest.addAll(JoinRights.all());
    all(rest);
  }

  /**
   * A node's JVM is its service proxy and its DNS server too, so nodes may read what those serve
   * from.
   */
  private static List<RbacFacts.Wanted> nodeRights() {
    ObjectNode role = object(Resources.CLUSTER_ROLES, "", "troupe:node-network");
    ObjectNode rule = role.putArray("rules").addObject();
    List.of("get", "list", "watch").forEach(rule.putArray("verbs")::add);
    List.of("", "discovery.k8s.io").forEach(rule.putArray("apiGroups")::add);
    List.of("namespaces", "services", "endpoints", "endpointslices", "nodes")
        .forEach(rule.putArray("resources")::add);
    ObjectNode binding = object(Resources.CLUSTER_ROLE_BINDINGS, "", "troupe:node-network");
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "ClusterRole")
        .put("name", "troupe:node-network");
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "Group")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("name", "system:nodes");
    return List.of(
        new RbacFacts.Wanted(Resources.CLUSTER_ROLES, role),
        new RbacFacts.Wanted(Resources.CLUSTER_ROLE_BINDINGS, binding));
  }

  private void all(List<RbacFacts.Wanted> wanted) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      wanted.forEach(w -> threads.submit(() -> ensure(w)));
    }
  }

  private void ensure(RbacFacts.Wanted wanted) {
    ObjectNode object = wanted.object();
    if (view.find(wanted.type(), Meta.namespace(object), Meta.name(object)).isPresent()) {
      return;
    }
    try {
      client.create(wanted.type(), object);
    } catch (RefusedException e) {
      if (!e.isAlreadyExists()) {
        LOG.warn("{} {} was not made: {}", wanted.type().kind(), Meta.name(object), e.getMessage());
      }
    }
  }

  private static ObjectNode object(Resource type, String namespace, String name) {
    ObjectNode object = Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }

  private static ObjectNode namespace(String name) {
    return object(Resources.NAMESPACES, "", name);
  }

  private static RbacFacts.Wanted priorityClass(String name, long value, String description) {
    ObjectNode priority = object(Resources.PRIORITY_CLASSES, "", name);
    priority
        .put("value", value)
        .put("preemptionPolicy", "PreemptLowerPriority")
        .put("description", description);
    return new RbacFacts.Wanted(Resources.PRIORITY_CLASSES, priority);
  }

  private static ObjectNode apiService(String ip) {
    ObjectNode service = object(Resources.SERVICES, "default", "kubernetes");
    Json.ensure(service, "metadata", "labels")
        .put("component", "apiserver")
        .put("provider", "kubernetes");
    ObjectNode spec =
        service
            .putObject("spec")
            .put("type", "ClusterIP")
            .put("clusterIP", ip)
            .put("sessionAffinity", "None");
    spec.putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", 443)
        .put("protocol", "TCP")
        .put("targetPort", 6443);
    return service;
  }

  private static ObjectNode dnsService(String ip) {
    ObjectNode service = object(Resources.SERVICES, "kube-system", "kube-dns");
    Json.ensure(service, "metadata", "labels")
        .put("k8s-app", "kube-dns")
        .put("kubernetes.io/name", "CoreDNS");
    ObjectNode spec = service.putObject("spec").put("type", "ClusterIP").put("clusterIP", ip);
    spec.putArray("ports")
        .addObject()
        .put("name", "dns")
        .put("port", 53)
        .put("protocol", "UDP")
        .put("targetPort", 53);
    spec.withArray("ports")
        .addObject()
        .put("name", "dns-tcp")
        .put("port", 53)
        .put("protocol", "TCP")
        .put("targetPort", 53);
    return service;
  }

  /**
   * Tells a machine that wants to join, and knows only a hash of the authority, which authority
   * that is (kubeadm's {@code cluster-info}).
   */
  public void publishClusterInfo(String server, String authorityPem) {
    ObjectNode info = object(Resources.CONFIG_MAPS, "kube-public", "cluster-info");
    String authority =
        Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.US_ASCII));
    info.putObject("data")
        .put(
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            clusters:
            - name: ""
              cluster:
                server: %s
                certificate-authority-data: %s
            """
                .formatted(server, authority));
    var present = view.find(Resources.CONFIG_MAPS, "kube-public", "cluster-info");
    if (present.isPresent() && !present.get().path("data").equals(info.path("data"))) {
      client.update(Resources.CONFIG_MAPS, info);
    } else {
      ensure(new RbacFacts.Wanted(Resources.CONFIG_MAPS, info));
    }
  }

  /** Makes the {@code kubernetes} Service lead to these API servers. */
  public void publishApiServers(List<String> addresses, int port) {
    ObjectNode slice = object(SLICES, "default", "kubernetes");
    Json.ensure(slice, "metadata", "labels").put("kubernetes.io/service-name", "kubernetes");
    slice.put("addressType", "IPv4");
    slice
        .putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", port)
        .put("protocol", "TCP");
    ObjectNode endpoints = object(Resources.ENDPOINTS, "default", "kubernetes");
    Json.ensure(endpoints, "metadata", "labels")
        .put("endpointslice.kubernetes.io/skip-mirror", "true");
    ObjectNode subset = endpoints.putArray("subsets").addObject();
    for (String address : addresses.stream().sorted().toList()) {
      ObjectNode endpoint = slice.withArray("endpoints").addObject();
      endpoint.putArray("addresses").add(address);
      endpoint.putObject("conditions").put("ready", true);
      subset.withArray("addresses").addObject().put("ip", address);
    }
    subset
        .putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", port)
        .put("protocol", "TCP");
    put(SLICES, slice, "endpoints");
    put(Resources.ENDPOINTS, endpoints, "subsets");
  }

  private void put(Resource type, ObjectNode wanted, String field) {
    var present = view.find(type, "default", "kubernetes");
    if (present.isEmpty()) {
      ensure(new RbacFacts.Wanted(type, wanted));
    } else if (!present.get().path(field).equals(wanted.path(field))
        || !present.get().path("ports").equals(wanted.path("ports"))) {
      client.update(type, wanted);
    }
  }
}
