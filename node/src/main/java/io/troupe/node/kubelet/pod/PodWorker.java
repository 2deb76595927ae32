package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides a pod's next actions. The executor does them in order and asks again with what the
 * runtime then says, so a decision needs to be right only for the moment.
 */
public final class PodWorker {
  private PodWorker() {}

  public static Plan next(Situation s) {
    return switch (s.stage()) {
      case SYNCING -> syncing(s);
      case TERMINATING -> terminating(s);
      case TERMINATED ->
          Meta.isDeleting(s.pod())
              ? Plan.of(new Action.TearDown(), new Action.Delete())
              : Plan.of(new Action.TearDown());
      case FINISHED -> Plan.NOTHING;
    };
  }

  private static Plan terminating(Situation s) {
    List<Action> actions = new ArrayList<>();
    if (!s.state().running().isEmpty()) {
      actions.add(new Action.StopAll(s.graceSeconds()));
    }
    if (s.state().anySandboxReady()) {
      actions.add(new Action.StopSandboxes(List.of(), ids(s.state())));
    }
    return new Plan(actions, Optional.empty());
  }

  private static List<String> ids(PodState state) {
    return state.sandboxes().stream().map(SandboxState::id).toList();
  }

  private static Plan syncing(Situation s) {
    Optional<String> problem = s.state().sandboxProblem(s.pod());
    return problem.isPresent() ? newSandbox(s) : new ContainerSync(s).plan();
  }

  private static Plan newSandbox(Situation s) {
    PodState state = s.state();
    List<Action> actions = new ArrayList<>();
    if (!state.running().isEmpty() || state.anySandboxReady()) {
      actions.add(
          new Action.StopSandboxes(
              state.running().stream().map(ContainerState::id).toList(), ids(state)));
    }
    if (!wantsSandbox(s)) {
      return new Plan(actions, Optional.empty());
    }
    List<String> inits =
        PodSpec.initContainers(s.pod()).stream()
            .flatMap(c -> state.containers().stream().filter(o -> o.name().equals(PodSpec.name(c))))
            .filter(c -> !c.isRunning())
            .map(ContainerState::id)
            .toList();
    actions.add(new Action.Prepare());
    if (!inits.isEmpty()) {
      actions.add(new Action.PurgeInitContainers(inits));
    }
    actions.add(new Action.StartSandbox(state.nextAttempt(), !state.sandboxes().isEmpty()));
    return new Plan(actions, Optional.empty());
  }

  /** A pod that ran and may not restart, or whose work is done, gets no second sandbox. */
  private static boolean wantsSandbox(Situation s) {
    boolean ran = !s.state().sandboxes().isEmpty() && !s.state().containers().isEmpty();
    if (PodSpec.restartPolicy(s.pod()).equals("Never") && ran) {
      return false;
    }
    boolean anyToStart = PodSpec.containers(s.pod()).stream().anyMatch(c -> !doneForGood(s, c));
    return anyToStart || !s.state().mainCreated(s.pod());
  }

  private static boolean doneForGood(Situation s, JsonNode container) {
    return PodSpec.restartPolicy(s.pod(), container).equals("OnFailure")
        && s.state()
            .find(PodSpec.name(container))
            .filter(c -> c.phase() == ContainerState.Phase.EXITED && c.exitCode() == 0)
            .isPresent();
  }

  /**
   * Whether a container that does not run is to be started, by the pod's policy; the same question
   * decides whether it is shown as waiting.
   */
  static boolean shouldStart(JsonNode pod, JsonNode container, PodState state) {
    if (Meta.isDeleting(pod)) {
      return false;
    }
    ContainerState newest = state.find(PodSpec.name(container)).orElse(null);
    if (newest == null) {
      return true;
    }
    return switch (newest.phase()) {
      case RUNNING -> false;
      case CREATED, UNKNOWN -> true;
      case EXITED ->
          switch (PodSpec.restartPolicy(pod, container)) {
            case "Never" -> false;
            case "OnFailure" -> newest.exitCode() != 0;
            default -> true;
          };
    };
  }

  /** The earlier of two times to look again. */
  static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isPresent() ? a : b;
    }
    return a.get().isBefore(b.get()) ? a : b;
  }
}
