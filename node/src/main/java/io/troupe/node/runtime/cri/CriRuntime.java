package io.troupe.node.runtime.cri;

import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.PodLabels;
import io.troupe.node.runtime.RuntimeFault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A CRI runtime at a Unix socket. */
public final class CriRuntime implements ContainerRuntime {
  private static final String RUNTIME = "runtime.v1.RuntimeService/";
  private static final String IMAGES = "runtime.v1.ImageService/";
  private static final String EVENTS = "containerd.services.events.v1.Events/Subscribe";

  /** As the kubelet's runtimeRequestTimeout. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final Duration SANDBOX_TIMEOUT = Duration.ofMinutes(4);
  private static final Duration PULL_TIMEOUT = Duration.ofMinutes(30);

  private final CriChannel channel;

  public CriRuntime(Path socket) {
    channel = new CriChannel(socket);
  }

  private <A extends Message> A runtime(String method, Message request, A answer) {
    return channel.call(RUNTIME + method, request, answer, TIMEOUT);
  }

  private <A extends Message> A images(String method, Message request, A answer) {
    return channel.call(IMAGES + method, request, answer, TIMEOUT);
  }

  /** Runs something whose object may be gone already. */
  private static void gone(Runnable action) {
    try {
      action.run();
    } catch (RuntimeFault fault) {
      if (!fault.isNotFound()) {
        throw fault;
      }
    }
  }

  @Override
  public Cri.VersionResponse version() {
    return runtime(
        "Version",
        Cri.VersionRequest.getDefaultInstance(),
        Cri.VersionResponse.getDefaultInstance());
  }

  @Override
  public Cri.StatusResponse status() {
    return runtime(
        "Status", Cri.StatusRequest.getDefaultInstance(), Cri.StatusResponse.getDefaultInstance());
  }

  @Override
  public String runSandbox(Cri.PodSandboxConfig config, String handler) {
    var request =
        Cri.RunPodSandboxRequest.newBuilder().setConfig(config).setRuntimeHandler(handler).build();
    return channel
        .call(
            RUNTIME + "RunPodSandbox",
            request,
            Cri.RunPodSandboxResponse.getDefaultInstance(),
            SANDBOX_TIMEOUT)
        .getPodSandboxId();
  }

  @Override
  public void stopSandbox(String id) {
    var request = Cri.StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build();
    gone(() -> runtime("StopPodSandbox", request, Cri.StopPodSandboxResponse.getDefaultInstance()));
  }

  @Override
  public void removeSandbox(String id) {
    var request = Cri.RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build();
    gone(
        () ->
            runtime(
                "RemovePodSandbox", request, Cri.RemovePodSandboxResponse.getDefaultInstance()));
  }

  @Override
  public List<Cri.PodSandbox> sandboxes(String podUid) {
    var request =
        Cri.ListPodSandboxRequest.newBuilder()
            .setFilter(Cri.PodSandboxFilter.newBuilder().putAllLabelSelector(selector(podUid)))
            .build();
    return runtime("ListPodSandbox", request, Cri.ListPodSandboxResponse.getDefaultInstance())
        .getItemsList();
  }

  private static Map<String, String> selector(String podUid) {
    return podUid.isEmpty() ? Map.of() : Map.of(PodLabels.POD_UID, podUid);
  }

  @Override
  public Cri.PodSandboxStatus sandboxStatus(String id) {
    var request = Cri.PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
    return runtime("PodSandboxStatus", request, Cri.PodSandboxStatusResponse.getDefaultInstance())
        .getStatus();
  }

  @Override
  public String createContainer(
      String sandboxId, Cri.ContainerConfig config, Cri.PodSandboxConfig sandbox) {
    var request =
        Cri.CreateContainerRequest.newBuilder()
            .setPodSandboxId(sandboxId)
            .setConfig(config)
            .setSandboxConfig(sandbox)
            .build();
    return runtime("CreateContainer", request, Cri.CreateContainerResponse.getDefaultInstance())
        .getContainerId();
  }

  @Override
  public void startContainer(String id) {
    var request = Cri.StartContainerRequest.newBuilder().setContainerId(id).build();
    runtime("StartContainer", request, Cri.StartContainerResponse.getDefaultInstance());
  }

  @Override
  public void stopContainer(String id, long timeoutSeconds) {
    var request =
        Cri.StopContainerRequest.newBuilder().setContainerId(id).setTimeout(timeoutSeconds).build();
    gone(
        () ->
            channel.call(
                RUNTIME + "StopContainer",
                request,
                Cri.StopContainerResponse.getDefaultInstance(),
                TIMEOUT.plusSeconds(timeoutSeconds)));
  }

  @Override
  public void removeContainer(String id) {
    var request = Cri.RemoveContainerRequest.newBuilder().setContainerId(id).build();
    gone(
        () ->
            runtime("RemoveContainer", request, Cri.RemoveContainerResponse.getDefaultInstance()));
  }

  @Override
  public List<Cri.Container> containers(String podUid) {
    var request =
        Cri.ListContainersRequest.newBuilder()
            .setFilter(Cri.ContainerFilter.newBuilder().putAllLabelSelector(selector(podUid)))
            .build();
    return runtime("ListContainers", request, Cri.ListContainersResponse.getDefaultInstance())
        .getContainersList();
  }

  @Override
  public Cri.ContainerStatus containerStatus(String id) {
    var request = Cri.ContainerStatusRequest.newBuilder().setContainerId(id).build();
    return runtime("ContainerStatus", request, Cri.ContainerStatusResponse.getDefaultInstance())
        .getStatus();
  }

  @Override
  public void updateResources(String id, Cri.LinuxContainerResources resources) {
    var request =
        Cri.UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(id)
            .setLinux(resources)
            .build();
    runtime(
        "UpdateContainerResources",
        request,
        Cri.UpdateContainerResourcesResponse.getDefaultInstance());
  }

  @Override
  public void reopenLog(String id) {
    var request = Cri.ReopenContainerLogRequest.newBuilder().setContainerId(id).build();
    runtime("ReopenContainerLog", request, Cri.ReopenContainerLogResponse.getDefaultInstance());
  }

  @Override
  public Cri.ExecSyncResponse execSync(String id, List<String> command, long timeoutSeconds) {
    var request =
        Cri.ExecSyncRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(command)
            .setTimeout(timeoutSeconds)
            .build();
    Duration limit =
        timeoutSeconds == 0 ? Duration.ofHours(24) : TIMEOUT.plusSeconds(timeoutSeconds);
    return channel.call(
        RUNTIME + "ExecSync", request, Cri.ExecSyncResponse.getDefaultInstance(), limit);
  }

  @Override
  public URI exec(Cri.ExecRequest request) {
    return URI.create(runtime("Exec", request, Cri.ExecResponse.getDefaultInstance()).getUrl());
  }

  @Override
  public URI attach(Cri.AttachRequest request) {
    return URI.create(runtime("Attach", request, Cri.AttachResponse.getDefaultInstance()).getUrl());
  }

  @Override
  public URI portForward(Cri.PortForwardRequest request) {
    return URI.create(
        runtime("PortForward", request, Cri.PortForwardResponse.getDefaultInstance()).getUrl());
  }

  @Override
  public List<Cri.ContainerStats> containerStats() {
    return runtime(
            "ListContainerStats",
            Cri.ListContainerStatsRequest.getDefaultInstance(),
            Cri.ListContainerStatsResponse.getDefaultInstance())
        .getStatsList();
  }

  @Override
  public List<Cri.PodSandboxStats> sandboxStats() {
    return runtime(
            "ListPodSandboxStats",
            Cri.ListPodSandboxStatsRequest.getDefaultInstance(),
            Cri.ListPodSandboxStatsResponse.getDefaultInstance())
        .getStatsList();
  }

  @Override
  public List<Cri.Image> images() {
    return images(
            "ListImages",
            Cri.ListImagesRequest.getDefaultInstance(),
            Cri.ListImagesResponse.getDefaultInstance())
        .getImagesList();
  }

  @Override
  public Optional<Cri.Image> image(String reference) {
    var request =
        Cri.ImageStatusRequest.newBuilder()
            .setImage(Cri.ImageSpec.newBuilder().setImage(reference))
            .build();
    var answer = images("ImageStatus", request, Cri.ImageStatusResponse.getDefaultInstance());
    return answer.hasImage() && !answer.getImage().getId().isEmpty()
        ? Optional.of(answer.getImage())
        : Optional.empty();
  }

  @Override
  public String pullImage(Cri.PullImageRequest request) {
    return channel
        .call(
            IMAGES + "PullImage", request, Cri.PullImageResponse.getDefaultInstance(), PULL_TIMEOUT)
        .getImageRef();
  }

  @Override
  public void removeImage(String reference) {
    var request =
        Cri.RemoveImageRequest.newBuilder()
            .setImage(Cri.ImageSpec.newBuilder().setImage(reference))
            .build();
    images("RemoveImage", request, Cri.RemoveImageResponse.getDefaultInstance());
  }

  @Override
  public Cri.ImageFsInfoResponse imageFilesystem() {
    return images(
        "ImageFsInfo",
        Cri.ImageFsInfoRequest.getDefaultInstance(),
        Cri.ImageFsInfoResponse.getDefaultInstance());
  }

  @Override
  public AutoCloseable onExit(Consumer<String> listener) {
    var request =
        ContainerdEvents.SubscribeRequest.newBuilder()
            .addFilters("topic==\"/tasks/exit\",namespace==\"k8s.io\"")
            .build();
    var call =
        channel.stream(
            EVENTS,
            request,
            ContainerdEvents.Envelope.getDefaultInstance(),
            new ExitListener(listener));
    return () -> call.cancel("closed", null);
  }

  @Override
  public void close() {
    channel.close();
  }

  /**
   * Tells the container id of every exit; the stream's end needs no answer, exits are only hints.
   */
  private static final class ExitListener extends ClientCall.Listener<ContainerdEvents.Envelope> {
    private final Consumer<String> listener;

    ExitListener(Consumer<String> listener) {
      this.listener = listener;
    }

    @Override
    public void onMessage(ContainerdEvents.Envelope envelope) {
      try {
        var exit = ContainerdEvents.TaskExit.parseFrom(envelope.getEvent().getValue());
        // An exec in a container ends with the exec's own id.
        if (exit.getId().equals(exit.getContainerId())) {
          listener.accept(exit.getContainerId());
        }
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new IllegalStateException("containerd sent an event that is not a task exit", e);
      }
    }
  }
}
