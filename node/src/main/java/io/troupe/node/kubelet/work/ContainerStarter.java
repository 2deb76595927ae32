package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.node.kubelet.container.ConfigProblem;
import io.troupe.node.kubelet.container.ContainerConfigs;
import io.troupe.node.kubelet.pod.Action.KillReason;
import io.troupe.node.kubelet.pod.ContainerState;
import io.troupe.node.kubelet.pod.PodMemory;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.pod.PodState;
import io.troupe.node.kubelet.probe.ContainerCalls.Target;
import io.troupe.node.kubelet.volume.MountedVolume;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts one container: image, configuration, creation, start, hook. */
final class ContainerStarter {
  /** Went well, or why not; the memory is as it is after that. */
  record Result(PodMemory memory, boolean started) {}

  private record Refused(String reason, String message) {}

  private final NodeContext context;
  private final JsonNode pod;
  private final Cri.PodSandboxConfig sandbox;
  private final Images images;

  ContainerStarter(NodeContext context, JsonNode pod, Cri.PodSandboxConfig sandbox) {
    this.context = context;
    this.pod = pod;
    this.sandbox = sandbox;
    this.images =
        new Images(context.runtime(), context.sources(), context.events(), context.clock());
  }

  Result start(String name, PodState state, PodMemory memory, Map<String, MountedVolume> volumes)
      throws InterruptedException {
    JsonNode container = PodSpec.container(pod, name).orElseThrow();
    Images.Result image;
    try {
      image = images.ensure(pod, container, sandbox, memory);
    } catch (RuntimeFault fault) {
      return failed(memory, name, new Refused("ImageInspectError", fault.description()));
    }
    if (image.error() != null) {
      PodMemory.StartError error = image.error();
      context.events().container(pod, name, "Warning", "Failed", "Error: " + error.reason());
      return new Result(image.memory().failed(name, error), false);
    }
    Refused refused = run(container, state, image.image(), volumes);
    if (refused != null) {
      return failed(image.memory(), name, refused);
    }
    return new Result(image.memory().started(name), true);
  }

  private static Result failed(PodMemory memory, String name, Refused refused) {
    return new Result(
        memory.failed(name, new PodMemory.StartError(refused.reason(), refused.message())), false);
  }

  private Refused refuse(String name, String reason, String message) {
    context.events().container(pod, name, "Warning", "Failed", "Error: " + message);
    return new Refused(reason, message);
  }

  /** Null when the container runs. */
  private Refused run(
      JsonNode container, PodState state, Cri.Image image, Map<String, MountedVolume> volumes)
      throws InterruptedException {
    String name = PodSpec.name(container);
    String sandboxId = state.sandboxes().getFirst().id();
    Cri.ContainerConfig config;
    try {
      config = config(container, state, image, volumes);
    } catch (ConfigProblem problem) {
      return refuse(name, "CreateContainerConfigError", problem.getMessage());
    } catch (RefusedException e) {
      return refuse(name, "CreateContainerConfigError", e.refusal().message());
    } catch (UncheckedIOException e) {
      return refuse(name, "CreateContainerConfigError", String.valueOf(e.getMessage()));
    }
    String id;
    try {
      id = context.runtime().createContainer(sandboxId, config, sandbox);
    } catch (RuntimeFault fault) {
      return refuse(name, "CreateContainerError", fault.description());
    }
    context.events().container(pod, name, "Normal", "Created", "Container created");
    try {
      context.runtime().startContainer(id);
    } catch (RuntimeFault fault) {
      return refuse(name, "RunContainerError", fault.description());
    }
    context.events().container(pod, name, "Normal", "Started", "Container started");
    if (context.runtime().isReal()) {
      linkLog(name, id, config);
    }
    return postStart(container, id, state);
  }

  private Cri.ContainerConfig config(
      JsonNode container, PodState state, Cri.Image image, Map<String, MountedVolume> volumes) {
    ContainerConfigs configs =
        new ContainerConfigs(pod, context.node(), context.sources(), state.ips());
    int restartCount = restartCount(container, state);
    Map<String, String> environment = configs.environment(container);
    if (!context.runtime().isReal()) {
      return configs.of(container, restartCount, image, environment, List.of(), "");
    }
    List<Cri.Mount> mounts =
        new ContainerMounts(context, pod, volumes)
            .of(container, restartCount, environment, state.ips());
    try {
      Files.createDirectories(logDir(PodSpec.name(container)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return configs.of(
        container, restartCount, image, environment, mounts, targetId(container, state));
  }

  private static String targetId(JsonNode container, PodState state) {
    String target = Json.text(container, "targetContainerName");
    if (target.isEmpty()) {
      return "";
    }
    return state
        .find(target)
        .map(ContainerState::id)
        .orElseThrow(() -> new ConfigProblem("unable to find target container " + target));
  }

  private Path logDir(String container) {
    return Path.of(sandbox.getLogDirectory()).resolve(container);
  }

  /** One more than the last; where the runtime has forgotten, the logs still know. */
  private int restartCount(JsonNode container, PodState state) {
    String name = PodSpec.name(container);
    if (state.find(name).isPresent()) {
      return state.find(name).get().restartCount() + 1;
    }
    Path dir = logDir(name);
    if (!Files.isDirectory(dir)) {
      return 0;
    }
    try (var logs = Files.list(dir)) {
      return logs.map(log -> log.getFileName().toString())
          .filter(log -> log.matches("\\d{1,9}\\.log.*"))
          .mapToInt(log -> Integer.parseInt(log.substring(0, log.indexOf('.'))) + 1)
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The link by which log collectors know pod and container. */
  private void linkLog(String name, String id, Cri.ContainerConfig config) {
    Path link =
        context
            .settings()
            .containerLogs()
            .resolve(Meta.name(pod) + "_" + Meta.namespace(pod) + "_" + name + "-" + id + ".log");
    try {
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(
          link, Path.of(sandbox.getLogDirectory()).resolve(config.getLogPath()));
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(ContainerStarter.class)
          .warn("no link to the log of {}: {}", id, e.toString());
    }
  }

  private Refused postStart(JsonNode container, String id, PodState state)
      throws InterruptedException {
    JsonNode hook = Json.at(container, "lifecycle", "postStart");
    if (!hook.isObject()) {
      return null;
    }
    String name = PodSpec.name(container);
    String ip = PodStep.ip(context, pod, state);
    var outcome = context.calls().hook(hook, new Target(container, id, ip));
    if (outcome.success()) {
      return null;
    }
    context.events().container(pod, name, "Warning", "FailedPostStartHook", "PostStartHook failed");
    ContainerStopper stopper = new ContainerStopper(context, pod);
    stopper.stop(id, name, "FailedPostStartHook", stopper.grace(name, KillReason.OTHER), state);
    return new Refused("PostStartHookError", outcome.output());
  }
}
