package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Write.EmitEvent;
import io.troupe.control.controllers.objects.Times;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events beside the work that they tell of; what cannot be written is dropped, since an
 * event is never worth a delay.
 */
public final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int WAITING_AT_MOST = 5_000;

  private final KubeClient client;
  private final InstantSource clock;
  private final Executor executor;
  private final EventCorrelator correlator = new EventCorrelator();
  private final Semaphore room = new Semaphore(WAITING_AT_MOST);

  /**
   * @param executor runs one task at a time, in order
   */
  public EventRecorder(KubeClient client, InstantSource clock, Executor executor) {
    this.client = client;
    this.clock = clock;
    this.executor = executor;
  }

  public void record(String component, EmitEvent event) {
    if (!room.tryAcquire()) {
      return;
    }
    Instant now = clock.instant();
    executor.execute(
        () -> {
          try {
            correlator.correlate(component, event, now).ifPresent(c -> write(component, event, c));
          } catch (RefusedException e) {
            LOG.debug("event {} dropped: {}", event.reason(), e.getMessage());
          } finally {
            room.release();
          }
        });
  }

  private void write(String component, EmitEvent event, EventCorrelator.Correlated correlated) {
    if (correlated.count() > 1) {
      try {
        ObjectNode patch = Json.object();
        patch.put("count", correlated.count()).put("message", correlated.message());
        patch.put("lastTimestamp", Times.format(correlated.last()));
        client
            .as(component)
            .patch(
                Resources.EVENTS, namespace(event), correlated.name(), "", PatchType.MERGE, patch);
        return;
      } catch (RefusedException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
    }
    client.as(component).create(Resources.EVENTS, body(component, event, correlated));
  }

  private static ObjectNode body(
      String component, EmitEvent event, EventCorrelator.Correlated correlated) {
    ObjectNode body = Json.object();
    body.put("apiVersion", "v1").put("kind", "Event");
    body.putObject("metadata").put("namespace", namespace(event)).put("name", correlated.name());
    ObjectNode about = body.putObject("involvedObject");
    about.put("apiVersion", event.type().apiVersion()).put("kind", event.type().kind());
    if (event.type().namespaced()) {
      about.put("namespace", Meta.namespace(event.about()));
    }
    about.put("name", Meta.name(event.about())).put("uid", Meta.uid(event.about()));
    about.put("resourceVersion", Json.text(event.about(), "metadata", "resourceVersion"));
    body.put("type", event.severity()).put("reason", event.reason());
    body.put("message", correlated.message());
    body.putObject("source").put("component", component);
    body.put("firstTimestamp", Times.format(correlated.first()));
    body.put("lastTimestamp", Times.format(correlated.last()));
    body.put("count", correlated.count());
    body.put("reportingComponent", component).put("reportingInstance", "");
    return body;
  }

  private static String namespace(EmitEvent event) {
    String namespace = Meta.namespace(event.about());
    return namespace.isEmpty() ? "default" : namespace;
  }
}
