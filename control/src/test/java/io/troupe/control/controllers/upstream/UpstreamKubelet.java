package io.troupe.control.controllers.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Pods;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Binds pods to node {@code n1} and makes them run, or end when they are named to. */
final class UpstreamKubelet implements AutoCloseable {
  private final KubeClient client;
  private final Thread thread;
  private volatile boolean running = true;
  private int address;

  UpstreamKubelet(KubeClient client) {
    this.client = client;
    this.thread = Thread.ofVirtual().start(this::run);
  }

  private void run() {
    while (running) {
      for (ObjectNode pod : client.list(Resources.PODS, "", ListOptions.ALL).items()) {
        try {
          step(pod);
        } catch (RefusedException e) {
          // The pod changed or went: the next look sees it.
          LockSupport.parkNanos(1);
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private void step(ObjectNode pod) {
    if (Meta.isDeleting(pod)) {
      client.delete(
          Resources.PODS, Meta.namespace(pod), Meta.name(pod), DeleteOptions.now(Meta.uid(pod)));
    } else if (Pods.nodeName(pod).isEmpty()) {
      ObjectNode binding = Json.object();
      binding.put("apiVersion", "v1").put("kind", "Binding");
      binding
          .putObject("metadata")
          .put("name", Meta.name(pod))
          .put("namespace", Meta.namespace(pod));
      binding.putObject("target").put("kind", "Node").put("name", "n1");
      client.post(Resources.PODS, Meta.namespace(pod), Meta.name(pod), "binding", binding);
    } else if (Pods.phase(pod).equals("Pending")) {
      status(pod, "Running", "True");
    } else if (Pods.phase(pod).equals("Running") && endsBySelf(pod)) {
      status(pod, "Succeeded", "False");
    }
  }

  private static boolean endsBySelf(JsonNode pod) {
    return Json.text(pod, "spec", "restartPolicy").equals("Never");
  }

  private void status(ObjectNode pod, String phase, String ready) {
    ObjectNode patch = Json.object();
    ObjectNode status = patch.putObject("status");
    status.put("phase", phase);
    String ip = "10.0.0." + (1 + address++ % 250);
    status.put("podIP", ip).putArray("podIPs").addObject().put("ip", ip);
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready)
        .put("lastTransitionTime", Instant.now().toString());
    client.patch(
        Resources.PODS, Meta.namespace(pod), Meta.name(pod), "status", PatchType.MERGE, patch);
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
