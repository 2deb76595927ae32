package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.node.kubelet.container.ConfigProblem;
import io.troupe.node.kubelet.container.DownwardApi;
import io.troupe.node.kubelet.container.SandboxConfigs;
import io.troupe.node.kubelet.pod.Action;
import io.troupe.node.kubelet.pod.ContainerState;
import io.troupe.node.kubelet.pod.Plan;
import io.troupe.node.kubelet.pod.PodMemory;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.kubelet.pod.PodState;
import io.troupe.node.kubelet.pod.PodWorker;
import io.troupe.node.kubelet.pod.SandboxState;
import io.troupe.node.kubelet.pod.Situation;
import io.troupe.node.kubelet.volume.MountProblem;
import io.troupe.node.kubelet.volume.MountedVolume;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Observes a pod, has the next actions decided and does them. Blocks; interrupt it to end it early.
 */
final class PodStep {
  /**
   * What a step came to.
   *
   * @param again something was done, so there may be more to do at once
   * @param fault why it ended early, or ""
   */
  record Result(PodState state, PodMemory memory, Plan plan, boolean again, String fault) {}

  private static final Resource RUNTIME_CLASSES =
      new Resource("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false);

  private final NodeContext context;
  private final StatusWriter writer;
  private final PodObserver observer;
  private final BiConsumer<PodState, PodMemory> progress;

  private JsonNode pod;
  private PodState state;
  private PodMemory memory;
  private Cri.PodSandboxConfig sandbox;
  private Map<String, MountedVolume> volumes = Map.of();

  /**
   * A step.
   *
   * @param progress hears of the pod's state between actions
   */
  PodStep(NodeContext context, StatusWriter writer, BiConsumer<PodState, PodMemory> progress) {
    this.context = context;
    this.writer = writer;
    this.observer = new PodObserver(context.runtime(), context.settings().podLogs());
    this.progress = progress;
  }

  /** The address at which the pod's containers listen. */
  static String ip(NodeContext context, JsonNode pod, PodState state) {
    List<String> ips = PodSpec.isHostNetwork(pod) ? context.node().ips() : state.ips();
    return ips.isEmpty() ? "" : ips.getFirst();
  }

  /**
   * Takes the step.
   *
   * @param refresh also bring the volumes of a pod with a sandbox up to date
   */
  Result run(Situation situation, boolean refresh) {
    pod = situation.pod();
    memory = situation.memory();
    state = situation.state();
    Plan plan = Plan.NOTHING;
    try {
      observed();
      if (refresh) {
        refreshVolumes();
      }
      plan =
          PodWorker.next(
              new Situation(
                  pod,
                  situation.stage(),
                  situation.graceSeconds(),
                  state,
                  memory,
                  situation.probes(),
                  situation.now()));
      boolean good = true;
      for (Action action : plan.actions()) {
        good &= act(action);
      }
      boolean acted =
          plan.actions().stream()
              .anyMatch(a -> !(a instanceof Action.BackOff || a instanceof Action.Prepare));
      return new Result(
          state, memory, plan, acted && good, good ? "" : "a container did not start");
    } catch (InterruptedException e) {
      return new Result(state, memory, plan, true, "");
    } catch (MountProblem e) {
      context.events().pod(pod, "Warning", "FailedMount", e.getMessage());
      return new Result(state, memory, plan, false, e.getMessage());
    } catch (RuntimeFault e) {
      // An interrupted call to the runtime ends as canceled: the pod has something else to do now.
      boolean interrupted = Thread.interrupted() || e.code().equals("Canceled");
      return new Result(state, memory, plan, interrupted, interrupted ? "" : e.getMessage());
    } catch (RefusedException | UncheckedIOException | ConfigProblem e) {
      return new Result(state, memory, plan, false, e.getMessage());
    }
  }

  private boolean act(Action action) throws InterruptedException {
    return switch (action) {
      case Action.Prepare() -> prepare();
      case Action.StopSandboxes(var running, var sandboxIds) -> stopSandboxes(running, sandboxIds);
      case Action.PurgeInitContainers(var ids) -> {
        ids.forEach(context.runtime()::removeContainer);
        yield true;
      }
      case Action.StartSandbox(int attempt, boolean replaces) -> startSandbox(attempt, replaces);
      case Action.StartContainer(String name) -> startContainer(name);
      case Action.BackOff(String name, String message, var until) -> {
        memory = memory.failed(name, new PodMemory.StartError("CrashLoopBackOff", message));
        context
            .events()
            .container(
                pod,
                name,
                "Warning",
                "BackOff",
                "Back-off restarting failed container " + name + " in pod " + PodSpec.format(pod));
        yield true;
      }
      case Action.StopContainer(String id, String name, String message, var reason) -> {
        ContainerStopper stopper = new ContainerStopper(context, pod);
        stopper.stop(id, name, message, stopper.grace(name, reason), state);
        yield observed();
      }
      case Action.StopAll(long grace) -> {
        new ContainerStopper(context, pod).stopAll(state, grace);
        yield observed();
      }
      case Action.TearDown() -> {
        context.volumes().remove(Meta.uid(pod));
        context.cgroups().ifPresent(cgroups -> cgroups.remove(Meta.uid(pod)));
        yield true;
      }
      case Action.Delete() -> delete();
    };
  }

  private boolean observed() {
    state = observer.observe(Meta.uid(pod));
    progress.accept(state, memory);
    return true;
  }

  private boolean prepare() {
    if (!context.runtime().isReal()) {
      return true;
    }
    try {
      Files.createDirectories(context.volumes().podDir(Meta.uid(pod)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    context.cgroups().ifPresent(cgroups -> cgroups.create(pod));
    volumes = context.volumes().prepare(pod, new DownwardApi(pod, context.node(), state.ips()));
    return true;
  }

  private void refreshVolumes() {
    if (!state.running().isEmpty()) {
      prepare();
    }
  }

  private boolean stopSandboxes(List<String> running, List<String> sandboxIds)
      throws InterruptedException {
    if (!running.isEmpty()) {
      ContainerStopper stopper = new ContainerStopper(context, pod);
      stopper.stopAll(state, stopper.grace("", Action.KillReason.OTHER));
    }
    for (String id : sandboxIds) {
      context.runtime().stopSandbox(id);
    }
    return observed();
  }

  private Cri.PodSandboxConfig sandboxConfig(int attempt) {
    String parent = context.cgroups().map(cgroups -> cgroups.parent(pod)).orElse("");
    return SandboxConfigs.of(pod, attempt, context.dns(), logDir(), parent);
  }

  private Path logDir() {
    return PodLogs.dir(context.settings(), pod);
  }

  /** What the pod's RuntimeClass names, "" for the runtime's default. */
  private String runtimeHandler() {
    String name = Json.text(pod, "spec", "runtimeClassName");
    return name.isEmpty()
        ? ""
        : Json.text(context.client().get(RUNTIME_CLASSES, "", name), "handler");
  }

  private boolean startSandbox(int attempt, boolean replaces) {
    if (replaces) {
      context
          .events()
          .pod(
              pod,
              "Normal",
              "SandboxChanged",
              "Pod sandbox changed, it will be killed and re-created.");
    }
    try {
      Files.createDirectories(logDir());
      sandbox = sandboxConfig(attempt);
      context.runtime().runSandbox(sandbox, runtimeHandler());
    } catch (RuntimeFault | ConfigProblem | RefusedException e) {
      context
          .events()
          .pod(
              pod,
              "Warning",
              "FailedCreatePodSandBox",
              "Failed to create pod sandbox: " + e.getMessage());
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return observed();
  }

  private boolean startContainer(String name) throws InterruptedException {
    if (sandbox == null) {
      sandbox = sandboxConfig(state.sandboxes().getFirst().attempt());
    }
    ContainerState last = state.find(name).orElse(null);
    if (last != null && last.phase() == ContainerState.Phase.EXITED) {
      String key = name + "_" + last.hash();
      memory =
          memory.withRestarts(
              memory.restarts().next(key, last.finishedAt(), context.clock().instant()));
    }
    var result = new ContainerStarter(context, pod, sandbox).start(name, state, memory, volumes);
    memory = result.memory();
    observed();
    for (ContainerState stale : state.stale()) {
      context.runtime().removeContainer(stale.id());
      PodLogs.removeOne(context.settings(), pod, stale);
    }
    return result.started();
  }

  private boolean delete() throws InterruptedException {
    writer.flush();
    try {
      context
          .client()
          .delete(
              Resources.PODS,
              Meta.namespace(pod),
              Meta.name(pod),
              DeleteOptions.now(Meta.uid(pod)));
    } catch (RefusedException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
    return true;
  }

  /** Removes what the runtime and the disk still have of a pod that is gone. */
  static void forget(NodeContext context, JsonNode pod, PodState state) {
    for (SandboxState sandbox : state.sandboxes()) {
      context.runtime().removeSandbox(sandbox.id());
    }
    PodLogs.remove(context.settings(), pod, state);
    context.volumes().remove(Meta.uid(pod));
    context.cgroups().ifPresent(cgroups -> cgroups.remove(Meta.uid(pod)));
  }
}
