package io.troupe.node.runtime;

import io.troupe.node.runtime.cri.Cri;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A container runtime. Every method blocks (call it from a virtual thread) and throws {@link
 * RuntimeFault} when the runtime refuses or is away. Stopping and removing something that is gone
 * is not a fault.
 */
public interface ContainerRuntime extends AutoCloseable {
  Cri.VersionResponse version();

  /** Whether containers are real, so that they need volumes, files and cgroups on this machine. */
  default boolean isReal() {
    return true;
  }

  Cri.StatusResponse status();

  /** Creates and starts a sandbox; returns its id. The handler is "" for the default. */
  String runSandbox(Cri.PodSandboxConfig config, String handler);

  void stopSandbox(String id);

  void removeSandbox(String id);

  /** The sandboxes of a pod, of all pods when the uid is "". */
  List<Cri.PodSandbox> sandboxes(String podUid);

  Cri.PodSandboxStatus sandboxStatus(String id);

  String createContainer(
      String sandboxId, Cri.ContainerConfig config, Cri.PodSandboxConfig sandbox);

  void startContainer(String id);

  /** Asks the container to stop, and kills it when it has not after so many seconds. */
  void stopContainer(String id, long timeoutSeconds);

  void removeContainer(String id);

  /** The containers of a pod, of all pods when the uid is "". */
  List<Cri.Container> containers(String podUid);

  Cri.ContainerStatus containerStatus(String id);

  void updateResources(String id, Cri.LinuxContainerResources resources);

  /** Tells the runtime that a log file was moved away. */
  void reopenLog(String id);

  /**
   * Runs a command to its end; a command that takes longer is a fault with code DeadlineExceeded.
   */
  Cri.ExecSyncResponse execSync(String id, List<String> command, long timeoutSeconds);

  /** Where the runtime's streaming server serves the prepared session. */
  URI exec(Cri.ExecRequest request);

  URI attach(Cri.AttachRequest request);

  URI portForward(Cri.PortForwardRequest request);

  List<Cri.ContainerStats> containerStats();

  List<Cri.PodSandboxStats> sandboxStats();

  List<Cri.Image> images();

  Optional<Cri.Image> image(String reference);

  /** Pulls and returns the image's reference. */
  String pullImage(Cri.PullImageRequest request);

  void removeImage(String reference);

  Cri.ImageFsInfoResponse imageFilesystem();

  /**
   * Calls back with a container or sandbox id soon after it exited. A hint only: events may be
   * lost, so whoever needs to know also lists now and then.
   */
  AutoCloseable onExit(Consumer<String> listener);

  @Override
  void close();
}
