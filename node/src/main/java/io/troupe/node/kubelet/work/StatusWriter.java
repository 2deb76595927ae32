package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one pod's status: one write at a time, always the newest, until it is in the API. */
final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final KubeClient client;
  private final String namespace;
  private final String name;
  private final String uid;

  private JsonNode written;
  private ObjectNode wanted;
  private boolean writing;
  private boolean closed;

  StatusWriter(KubeClient client, JsonNode pod) {
    this.client = client;
    this.namespace = Meta.namespace(pod);
    this.name = Meta.name(pod);
    this.uid = Meta.uid(pod);
    this.written = pod.path("status");
  }

  synchronized void offer(ObjectNode status) {
    wanted = status;
    if (!writing && !closed) {
      writing = true;
      Thread.ofVirtual().name("status " + name).start(this::write);
    }
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits until everything offered is in the API, or cannot be any more. */
  synchronized void flush() throws InterruptedException {
    while (writing && !closed) {
      wait();
    }
  }

  private synchronized ObjectNode next() {
    if (closed || StatusPatch.of(written, wanted, uid).isEmpty()) {
      writing = false;
      notifyAll();
      return null;
    }
    return wanted;
  }

  private synchronized JsonNode base() {
    return written;
  }

  private synchronized void done(ObjectNode status) {
    written = status;
  }

  private void write() {
    for (ObjectNode status = next(); status != null; status = next()) {
      try {
        ObjectNode patch = StatusPatch.of(base(), status, uid).orElseThrow();
        client.patch(Resources.PODS, namespace, name, "status", PatchType.STRATEGIC, patch);
        done(status);
      } catch (RefusedException e) {
        if (e.isNotFound() || e.isConflict()) {
          close(); // the pod is gone, or another has its name
        } else {
          later(e);
        }
      } catch (RuntimeException e) {
        later(e);
      }
    }
  }

  private void later(RuntimeException e) {
    LOG.warn("status of {}/{} not written: {}", namespace, name, e.getMessage());
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException interrupted) {
      close();
    }
  }
}
