package io.troupe.node.kubelet;

import io.troupe.node.kubelet.server.ServerSettings;
import io.troupe.node.runtime.ContainerRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a kubelet must be told.
 *
 * @param runtime is closed by whoever made it
 * @param nodeIps of the node, the first is the primary
 * @param dataDir volumes and pods' files
 * @param podLogs usually {@code /var/log/pods}
 * @param containerLogs usually {@code /var/log/containers}
 * @param labels of the node beside the well-known ones; the zone is {@code
 *     topology.kubernetes.io/zone}
 * @param clusterDns addresses that pods resolve names at
 * @param cgroupRoot for example {@code /kubepods}; "" to leave cgroups to the runtime
 * @param podsMax how many pods the node takes
 * @param server certificates and port of the kubelet's API; empty for none
 */
public record KubeletSettings(
    String nodeName,
    ContainerRuntime runtime,
    List<String> nodeIps,
    Path dataDir,
    Path podLogs,
    Path containerLogs,
    Map<String, String> labels,
    List<String> clusterDns,
    String clusterDomain,
    String cgroupRoot,
    int podsMax,
    Optional<ServerSettings> server) {
  public KubeletSettings {
    nodeIps = List.copyOf(nodeIps);
    labels = Map.copyOf(labels);
    clusterDns = List.copyOf(clusterDns);
  }
}
