package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.cri.Cri;
import java.nio.file.Path;

/** A pod's sandbox as the runtime is told to make it. */
public final class SandboxConfigs {
  private SandboxConfigs() {}

  /**
   * The configuration.
   *
   * @param logDir of the pod
   * @param cgroupParent of the pod's containers, "" for the runtime's own
   */
  public static Cri.PodSandboxConfig of(
      JsonNode pod, int attempt, DnsSettings dns, Path logDir, String cgroupParent) {
    var config =
        Cri.PodSandboxConfig.newBuilder()
            .setMetadata(
                Cri.PodSandboxMetadata.newBuilder()
                    .setName(Meta.name(pod))
                    .setNamespace(Meta.namespace(pod))
                    .setUid(Meta.uid(pod))
                    .setAttempt(attempt))
            .setLogDirectory(logDir.toString())
            .setDnsConfig(dns.of(pod))
            .putAllLabels(Meta.labels(pod))
            .putLabels(PodLabels.POD_NAME, Meta.name(pod))
            .putLabels(PodLabels.POD_NAMESPACE, Meta.namespace(pod))
            .putLabels(PodLabels.POD_UID, Meta.uid(pod))
            .putAllAnnotations(Meta.annotations(pod));
    if (!PodSpec.isHostNetwork(pod)) {
      config.setHostname(Hostnames.of(pod, dns.clusterDomain()).kernelName(pod));
    }
    PodSpec.containers(pod).forEach(c -> ports(c, config));
    PodSpec.initContainers(pod).stream().filter(PodSpec::isSidecar).forEach(c -> ports(c, config));
    var linux =
        Cri.LinuxPodSandboxConfig.newBuilder()
            .setCgroupParent(cgroupParent)
            .setSecurityContext(new SecurityOptions(pod).sandbox());
    for (JsonNode sysctl : Json.items(pod, "spec", "securityContext", "sysctls")) {
      linux.putSysctls(Json.text(sysctl, "name").replace('/', '.'), Json.text(sysctl, "value"));
    }
    return config.setLinux(linux).build();
  }

  private static void ports(JsonNode container, Cri.PodSandboxConfig.Builder config) {
    for (JsonNode port : Json.items(container, "ports")) {
      config.addPortMappings(
          Cri.PortMapping.newBuilder()
              .setContainerPort((int) Json.number(port, 0, "containerPort"))
              .setHostPort((int) Json.number(port, 0, "hostPort"))
              .setHostIp(Json.text(port, "hostIP"))
              .setProtocol(protocol(Json.text(port, "protocol"))));
    }
  }

  private static Cri.Protocol protocol(String name) {
    return switch (name) {
      case "UDP" -> Cri.Protocol.UDP;
      case "SCTP" -> Cri.Protocol.SCTP;
      default -> Cri.Protocol.TCP;
    };
  }
}
