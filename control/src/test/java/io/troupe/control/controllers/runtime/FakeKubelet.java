package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.objects.Statuses;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Scheduler and kubelet in one: places pods on node {@code n1}, runs them, removes deleted ones.
 */
public final class FakeKubelet {
  private final MiniCluster cluster;
  private final Set<String> deadNodes = new HashSet<>();
  private Predicate<ObjectNode> becomesReady = pod -> true;
  private Predicate<ObjectNode> completes = pod -> false;
  private Function<ObjectNode, String> placement = pod -> "n1";
  private int ip;

  FakeKubelet(MiniCluster cluster) {
    this.cluster = cluster;
  }

  public void readyIf(Predicate<ObjectNode> rule) {
    becomesReady = rule;
  }

  /** Which running pods end with success. */
  public void completeIf(Predicate<ObjectNode> rule) {
    completes = rule;
  }

  /** Where a pod goes. */
  public void placeBy(Function<ObjectNode, String> rule) {
    placement = rule;
  }

  public void kill(String node) {
    deadNodes.add(node);
  }

  /** Takes one pod one step further; false when there is nothing to do. */
  public boolean step() {
    for (ObjectNode pod : cluster.all(Resources.PODS, "")) {
      if (deadNodes.contains(Pods.nodeName(pod))) {
        continue;
      }
      if (Meta.isDeleting(pod)) {
        if (pod.path("metadata").has("deletionGracePeriodSeconds")) {
          cluster.delete(
              Resources.PODS, Meta.namespace(pod), Meta.name(pod), DeleteOptions.now(""));
          return true;
        }
        continue;
      }
      if (Pods.nodeName(pod).isEmpty()) {
        place(pod, placement.apply(pod));
        return true;
      }
      if (Pods.phase(pod).equals("Pending") || (!Pods.isFinished(pod) && mayBeReady(pod))) {
        run(pod);
        return true;
      }
      if (Pods.phase(pod).equals("Running") && completes.test(pod)) {
        ObjectNode status = Statuses.draft(pod);
        status.put("phase", "Succeeded");
        Conditions.set(status, Condition.of("Ready", false, "PodCompleted", ""), cluster.now());
        patchStatus(pod, status);
        return true;
      }
    }
    return false;
  }

  private boolean mayBeReady(ObjectNode pod) {
    return !Pods.isReady(pod) && becomesReady.test(pod);
  }

  public void place(ObjectNode pod, String node) {
    ObjectNode patch = Json.object();
    patch.putObject("spec").put("nodeName", node);
    cluster.patch(Resources.PODS, Meta.namespace(pod), Meta.name(pod), "", PatchType.MERGE, patch);
  }

  private void run(ObjectNode pod) {
    ObjectNode status = Statuses.draft(pod);
    status.put("phase", "Running");
    if (!status.has("podIP")) {
      String address = "10.0.0." + ++ip;
      status.put("podIP", address).putArray("podIPs").addObject().put("ip", address);
    }
    Conditions.set(status, Condition.of("Ready", becomesReady.test(pod), "", ""), cluster.now());
    patchStatus(pod, status);
  }

  private void patchStatus(ObjectNode pod, ObjectNode status) {
    ObjectNode patch = Json.object();
    patch.set("status", status);
    cluster.patch(
        Resources.PODS, Meta.namespace(pod), Meta.name(pod), "status", PatchType.MERGE, patch);
  }
}
