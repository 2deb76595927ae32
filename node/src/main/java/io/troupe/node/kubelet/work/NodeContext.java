package io.troupe.node.kubelet.work;

import io.troupe.api.client.KubeClient;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.kubelet.cgroup.Cgroups;
import io.troupe.node.kubelet.container.DnsSettings;
import io.troupe.node.kubelet.container.NodeFacts;
import io.troupe.node.kubelet.container.Sources;
import io.troupe.node.kubelet.event.Events;
import io.troupe.node.kubelet.probe.ContainerCalls;
import io.troupe.node.kubelet.volume.PodVolumes;
import io.troupe.node.runtime.ContainerRuntime;
import java.time.Clock;
import java.util.Optional;

/** What all pods of a node are worked with. */
public record NodeContext(
    KubeletSettings settings,
    KubeClient client,
    Sources sources,
    PodVolumes volumes,
    Optional<Cgroups> cgroups,
    Events events,
    ContainerCalls calls,
    DnsSettings dns,
    NodeFacts node,
    String runtimeName,
    Clock clock) {
  public ContainerRuntime runtime() {
    return settings.runtime();
  }
}
