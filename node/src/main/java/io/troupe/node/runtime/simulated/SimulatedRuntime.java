package io.troupe.node.runtime.simulated;

import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Sandboxes and containers in memory; every image is present, every container runs until stopped.
 */
public final class SimulatedRuntime implements ContainerRuntime {
  private record Sandbox(Cri.PodSandboxStatus status) {}

  private record Container(String sandboxId, Cri.ContainerStatus status) {}

  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Map<String, Container> containers = new ConcurrentHashMap<>();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger addresses = new AtomicInteger();
  private final String network;
  private final Clock clock;

  /**
   * @param network the first two numbers of the pods' addresses, for example {@code 10.99}
   */
  public SimulatedRuntime(String network, Clock clock) {
    this.network = network;
    this.clock = clock;
  }

  private long nowNanos() {
    var now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private static String newId() {
    return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
  }

  private static RuntimeFault notFound(String what, String id) {
    return new RuntimeFault("NotFound", what + " \"" + id + "\" not found");
  }

  private static RuntimeFault refused(String what) {
    return new RuntimeFault("Unimplemented", what + " is not possible on a simulated node");
  }

  @Override
  public Cri.VersionResponse version() {
    return Cri.VersionResponse.newBuilder()
        .setVersion("0.1.0")
        .setRuntimeName("simulated")
        .setRuntimeVersion("1")
        .setRuntimeApiVersion("v1")
        .build();
  }

  @Override
  public boolean isReal() {
    return false;
  }

  @Override
  public Cri.StatusResponse status() {
    var ready = Cri.RuntimeCondition.newBuilder().setStatus(true);
    return Cri.StatusResponse.newBuilder()
        .setStatus(
            Cri.RuntimeStatus.newBuilder()
                .addConditions(ready.setType("RuntimeReady").build())
                .addConditions(ready.setType("NetworkReady").build()))
        .build();
  }

  @Override
  public String runSandbox(Cri.PodSandboxConfig config, String handler) {
    String id = newId();
    var status =
        Cri.PodSandboxStatus.newBuilder()
            .setId(id)
            .setMetadata(config.getMetadata())
            .setState(Cri.PodSandboxState.SANDBOX_READY)
            .setCreatedAt(nowNanos())
            .putAllLabels(config.getLabelsMap())
            .putAllAnnotations(config.getAnnotationsMap());
    var namespaces = config.getLinux().getSecurityContext().getNamespaceOptions();
    status.setLinux(
        Cri.LinuxPodSandboxStatus.newBuilder()
            .setNamespaces(Cri.Namespace.newBuilder().setOptions(namespaces)));
    if (namespaces.getNetwork() == Cri.NamespaceMode.POD) {
      int n = addresses.incrementAndGet() & 0xffff;
      status.setNetwork(
          Cri.PodSandboxNetworkStatus.newBuilder()
              .setIp(network + "." + (n >> 8) + "." + (n & 0xff)));
    }
    sandboxes.put(id, new Sandbox(status.build()));
    return id;
  }

  @Override
  public void stopSandbox(String id) {
    containers.forEach(
        (containerId, container) -> {
          if (container.sandboxId().equals(id)) {
            stopContainer(containerId, 0);
          }
        });
    sandboxes.computeIfPresent(
        id,
        (key, sandbox) ->
            new Sandbox(
                sandbox.status().toBuilder()
                    .setState(Cri.PodSandboxState.SANDBOX_NOTREADY)
                    .clearNetwork()
                    .build()));
  }

  @Override
  public void removeSandbox(String id) {
    containers.values().removeIf(container -> container.sandboxId().equals(id));
    sandboxes.remove(id);
  }

  @Override
  public List<Cri.PodSandbox> sandboxes(String podUid) {
    return sandboxes.values().stream()
        .map(Sandbox::status)
        .filter(status -> isOf(podUid, status.getLabelsMap()))
        .map(SimulatedRuntime::listed)
        .toList();
  }

  private static boolean isOf(String podUid, Map<String, String> labels) {
    return podUid.isEmpty() || podUid.equals(labels.get(PodLabels.POD_UID));
  }

  private static Cri.PodSandbox listed(Cri.PodSandboxStatus status) {
    return Cri.PodSandbox.newBuilder()
        .setId(status.getId())
        .setMetadata(status.getMetadata())
        .setState(status.getState())
        .setCreatedAt(status.getCreatedAt())
        .putAllLabels(status.getLabelsMap())
        .putAllAnnotations(status.getAnnotationsMap())
        .build();
  }

  @Override
  public Cri.PodSandboxStatus sandboxStatus(String id) {
    Sandbox sandbox = sandboxes.get(id);
    if (sandbox == null) {
      throw notFound("sandbox", id);
    }
    return sandbox.status();
  }

  @Override
  public String createContainer(
      String sandboxId, Cri.ContainerConfig config, Cri.PodSandboxConfig sandbox) {
    sandboxStatus(sandboxId);
    String id = newId();
    var status =
        Cri.ContainerStatus.newBuilder()
            .setId(id)
            .setMetadata(config.getMetadata())
            .setState(Cri.ContainerState.CONTAINER_CREATED)
            .setCreatedAt(nowNanos())
            .setImage(config.getImage())
            .setImageRef(config.getImage().getImage())
            .putAllLabels(config.getLabelsMap())
            .putAllAnnotations(config.getAnnotationsMap());
    containers.put(id, new Container(sandboxId, status.build()));
    return id;
  }

  private void change(String id, UnaryOperator<Cri.ContainerStatus.Builder> change) {
    Container changed =
        containers.computeIfPresent(
            id,
            (key, container) ->
                new Container(
                    container.sandboxId(), change.apply(container.status().toBuilder()).build()));
    if (changed == null) {
      throw notFound("container", id);
    }
  }

  @Override
  public void startContainer(String id) {
    change(
        id,
        status -> status.setState(Cri.ContainerState.CONTAINER_RUNNING).setStartedAt(nowNanos()));
  }

  @Override
  public void stopContainer(String id, long timeoutSeconds) {
    exit(id, 0);
  }

  /** Ends a running container as if its process had exited with the code. */
  public void exit(String id, int exitCode) {
    Container container = containers.get(id);
    if (container == null
        || container.status().getState() != Cri.ContainerState.CONTAINER_RUNNING) {
      return;
    }
    change(
        id,
        status ->
            status
                .setState(Cri.ContainerState.CONTAINER_EXITED)
                .setFinishedAt(nowNanos())
                .setExitCode(exitCode)
                .setReason(exitCode == 0 ? "Completed" : "Error"));
    listeners.forEach(listener -> listener.accept(id));
  }

  @Override
  public void removeContainer(String id) {
    containers.remove(id);
  }

  @Override
  public List<Cri.Container> containers(String podUid) {
    return containers.values().stream()
        .filter(container -> isOf(podUid, container.status().getLabelsMap()))
        .map(SimulatedRuntime::listed)
        .toList();
  }

  private static Cri.Container listed(Container container) {
    Cri.ContainerStatus status = container.status();
    return Cri.Container.newBuilder()
        .setId(status.getId())
        .setPodSandboxId(container.sandboxId())
        .setMetadata(status.getMetadata())
        .setImage(status.getImage())
        .setImageRef(status.getImageRef())
        .setState(status.getState())
        .setCreatedAt(status.getCreatedAt())
        .putAllLabels(status.getLabelsMap())
        .putAllAnnotations(status.getAnnotationsMap())
        .build();
  }

  @Override
  public Cri.ContainerStatus containerStatus(String id) {
    Container container = containers.get(id);
    if (container == null) {
      throw notFound("container", id);
    }
    return container.status();
  }

  @Override
  public void updateResources(String id, Cri.LinuxContainerResources resources) {
    change(
        id, status -> status.setResources(Cri.ContainerResources.newBuilder().setLinux(resources)));
  }

  @Override
  public void reopenLog(String id) {
    containerStatus(id);
  }

  @Override
  public Cri.ExecSyncResponse execSync(String id, List<String> command, long timeoutSeconds) {
    containerStatus(id);
    return Cri.ExecSyncResponse.getDefaultInstance();
  }

  @Override
  public URI exec(Cri.ExecRequest request) {
    throw refused("exec");
  }

  @Override
  public URI attach(Cri.AttachRequest request) {
    throw refused("attach");
  }

  @Override
  public URI portForward(Cri.PortForwardRequest request) {
    throw refused("port-forward");
  }

  @Override
  public List<Cri.ContainerStats> containerStats() {
    return List.of();
  }

  @Override
  public List<Cri.PodSandboxStats> sandboxStats() {
    return List.of();
  }

  @Override
  public List<Cri.Image> images() {
    return List.of();
  }

  @Override
  public Optional<Cri.Image> image(String reference) {
    return Optional.of(
        Cri.Image.newBuilder().setId(reference).addRepoTags(reference).setSize(1).build());
  }

  @Override
  public String pullImage(Cri.PullImageRequest request) {
    return request.getImage().getImage();
  }

  @Override
  public void removeImage(String reference) {}

  @Override
  public Cri.ImageFsInfoResponse imageFilesystem() {
    return Cri.ImageFsInfoResponse.getDefaultInstance();
  }

  @Override
  public AutoCloseable onExit(Consumer<String> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    sandboxes.clear();
    containers.clear();
  }
}
