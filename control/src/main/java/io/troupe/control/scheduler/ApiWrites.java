package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.place.Placement;
import io.troupe.control.scheduler.queue.Effect;
import io.troupe.control.scheduler.queue.SchedulerCore;
import io.troupe.control.scheduler.snapshot.Volumes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes effects to the API; blocking, called from virtual threads. */
final class ApiWrites {
  private static final Logger LOG = LoggerFactory.getLogger(ApiWrites.class);

  private final KubeClient client;
  private final Events events;

  ApiWrites(KubeClient client, Events events) {
    this.client = client;
    this.events = events;
  }

  /**
   * Binds.
   *
   * @return false when it was refused or its outcome is unknown
   */
  boolean bind(Effect.Bind bind) {
    PodInfo pod = bind.pod();
    ObjectNode binding = Json.object().put("apiVersion", "v1").put("kind", "Binding");
    binding
        .putObject("metadata")
        .put("name", pod.name())
        .put("namespace", pod.namespace())
        .put("uid", pod.uid());
    binding
        .putObject("target")
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", bind.node());
    try {
      client.post(Resources.PODS, pod.namespace(), pod.name(), "binding", binding);
      return true;
    } catch (RefusedException refused) {
      LOG.debug("binding {} to {}: {}", pod.path(), bind.node(), refused.getMessage());
      return false;
    } catch (RuntimeException unknown) {
      LOG.warn("binding {} to {}: outcome unknown", pod.path(), bind.node(), unknown);
      return false;
    }
  }

  void scheduled(Effect.Bind bind) {
    PodInfo pod = bind.pod();
    events.normal(
        pod, "Scheduled", "Binding", "Successfully assigned " + pod.path() + " to " + bind.node());
  }

  /** Condition, nomination and event of a pod that waits. */
  void report(Effect.Report report) {
    PodInfo pod = report.pod();
    PodInfo.Condition old = pod.condition();
    boolean isSameCondition =
        old.status().equals("False")
            && old.reason().equals("Unschedulable")
            && old.message().equals(report.message());
    if (!isSameCondition || !pod.nominatedNode().equals(report.nominatedNode())) {
      ObjectNode status = Json.object();
      ObjectNode condition = status.putArray("conditions").addObject();
      condition.put("type", "PodScheduled").put("status", "False");
      condition.put("reason", "Unschedulable").put("message", report.message());
      condition.putNull("lastProbeTime");
      if (old.generation() > 0) {
        condition.put("observedGeneration", old.generation());
      }
      if (!old.status().equals("False")) {
        condition.put("lastTransitionTime", now());
      }
      nomination(status, pod, report.nominatedNode());
      patchStatus(pod, status);
    }
    events.warning(pod, "FailedScheduling", "Scheduling", report.message());
  }

  private static void nomination(ObjectNode status, PodInfo pod, String node) {
    if (!node.isEmpty()) {
      status.put("nominatedNodeName", node);
    } else if (!pod.nominatedNode().isEmpty()) {
      status.putNull("nominatedNodeName");
    }
  }

  void clearNomination(PodInfo pod) {
    patchStatus(pod, Json.object().putNull("nominatedNodeName"));
  }

  void evict(Effect.Evict evict) {
    for (PodInfo victim : evict.victims()) {
      if (victim.isTerminating()) {
        continue;
      }
      ObjectNode status = Json.object();
      ObjectNode condition = status.putArray("conditions").addObject();
      condition.put("type", "DisruptionTarget").put("status", "True");
      condition.put("reason", "PreemptionByScheduler");
      condition.put(
          "message",
          SchedulerCore.DEFAULT_NAME + ": preempting to accommodate a higher priority pod");
      condition.put("lastTransitionTime", now()).putNull("lastProbeTime");
      patchStatus(victim, status);
      attempt(
          "evicting " + victim.path(),
          () ->
              client.delete(
                  Resources.PODS,
                  victim.namespace(),
                  victim.name(),
                  new DeleteOptions(-1, "", victim.uid(), "")));
      events.normal(
          victim,
          "Preempted",
          "Preempting",
          "Preempted by pod " + evict.pod().uid() + " on node " + evict.node());
    }
  }

  /** Reserves volumes for claims, and asks provisioners for the rest on the node. */
  boolean serve(Effect.ServeVolumes serve) {
    Placement.VolumeWork work = serve.work();
    boolean isDone = true;
    for (Map.Entry<Volumes.Claim, Volumes.Volume> entry : work.reserve().entrySet()) {
      isDone &= reserve(entry.getKey(), entry.getValue());
    }
    for (Volumes.Claim claim : work.provision()) {
      ObjectNode patch = Json.object();
      patch
          .putObject("metadata")
          .putObject("annotations")
          .put("volume.kubernetes.io/selected-node", serve.node());
      isDone &=
          attempt(
              "selecting a node for claim " + claim.name(),
              () ->
                  client.patch(
                      Resources.PERSISTENT_VOLUME_CLAIMS,
                      claim.namespace(),
                      claim.name(),
                      "",
                      PatchType.MERGE,
                      patch));
    }
    return isDone;
  }

  private boolean reserve(Volumes.Claim claim, Volumes.Volume volume) {
    ObjectNode patch = Json.object();
    patch
        .putObject("spec")
        .putObject("claimRef")
        .put("apiVersion", "v1")
        .put("kind", "PersistentVolumeClaim")
        .put("namespace", claim.namespace())
        .put("name", claim.name())
        .put("uid", claim.uid());
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put("pv.kubernetes.io/bound-by-controller", "yes");
    return attempt(
        "reserving volume " + volume.name(),
        () ->
            client.patch(
                Resources.PERSISTENT_VOLUMES, "", volume.name(), "", PatchType.MERGE, patch));
  }

  private void patchStatus(PodInfo pod, ObjectNode status) {
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", pod.uid());
    patch.set("status", status);
    attempt(
        "status of " + pod.path(),
        () ->
            client.patch(
                Resources.PODS, pod.namespace(), pod.name(), "status", PatchType.STRATEGIC, patch));
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Refusals are expected (the pod may be gone); the next change of the pod tells more. */
  static boolean attempt(String what, Runnable write) {
    try {
      write.run();
      return true;
    } catch (RefusedException refused) {
      LOG.debug("{}: {}", what, refused.getMessage());
    } catch (RuntimeException failed) {
      LOG.warn("{} failed", what, failed);
    }
    return false;
  }
}
