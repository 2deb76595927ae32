package io.troupe.node.kubelet.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.node.kubelet.pod.PodSpec;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events in the background, in order; when too many wait, new ones are dropped. */
public final class Events implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int WAITING_MAX = 1_000;
  private static final int REMEMBERED_MAX = 4_096;

  private record Event(ObjectNode involved, String type, String reason, String message) {}

  private record Written(String namespace, String name, int count) {}

  private final KubeClient client;
  private final String nodeName;
  private final Clock clock;
  private final LinkedBlockingQueue<Event> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final Map<Event, Written> written =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Event, Written> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };
  private final Thread writer;

  public Events(KubeClient client, String nodeName, Clock clock) {
    this.client = client;
    this.nodeName = nodeName;
    this.clock = clock;
    this.writer = Thread.ofVirtual().name("events").start(this::write);
  }

  /** An event about a pod. */
  public void pod(JsonNode pod, String type, String reason, String message) {
    offer(new Event(reference(pod, ""), type, reason, message));
  }

  /** An event about a container of a pod. */
  public void container(
      JsonNode pod, String container, String type, String reason, String message) {
    String list =
        PodSpec.containers(pod).stream().anyMatch(c -> PodSpec.name(c).equals(container))
            ? "containers"
            : PodSpec.initContainers(pod).stream().anyMatch(c -> PodSpec.name(c).equals(container))
                ? "initContainers"
                : "ephemeralContainers";
    offer(new Event(reference(pod, "spec." + list + "{" + container + "}"), type, reason, message));
  }

  /** An event about this node. */
  public void node(String type, String reason, String message) {
    ObjectNode involved = Json.object();
    involved.put("kind", "Node").put("name", nodeName).put("uid", nodeName);
    offer(new Event(involved, type, reason, message));
  }

  private static ObjectNode reference(JsonNode pod, String fieldPath) {
    ObjectNode involved = Json.object();
    involved.put("kind", "Pod").put("namespace", Meta.namespace(pod)).put("name", Meta.name(pod));
    involved.put("uid", Meta.uid(pod)).put("apiVersion", "v1");
    involved.put("resourceVersion", Json.text(pod, "metadata", "resourceVersion"));
    if (!fieldPath.isEmpty()) {
      involved.put("fieldPath", fieldPath);
    }
    return involved;
  }

  private void offer(Event event) {
    if (!waiting.offer(event)) {
      LOG.warn("too many events wait; dropped: {}", event.message());
    }
  }

  private void write() {
    try {
      while (true) {
        write(waiting.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Event event) {
    // The same thing happens to later revisions of the object, too.
    ObjectNode involved = event.involved().deepCopy();
    involved.remove("resourceVersion");
    Event key = new Event(involved, event.type(), event.reason(), event.message());
    Written before = written.get(key);
    try {
      written.put(key, before == null ? create(event) : count(before));
    } catch (RefusedException e) {
      written.remove(key);
      LOG.debug("event not written: {}", e.getMessage());
    } catch (RuntimeException e) {
      written.remove(key);
      LOG.warn("event not written: {}", e.toString());
    }
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private Written create(Event event) {
    String namespace = Json.text(event.involved(), "namespace");
    String space = namespace.isEmpty() ? "default" : namespace;
    String name =
        Json.text(event.involved(), "name")
            + "."
            + Long.toHexString(ThreadLocalRandom.current().nextLong());
    ObjectNode body = Json.object();
    body.put("apiVersion", "v1").put("kind", "Event");
    body.putObject("metadata").put("name", name).put("namespace", space);
    body.set("involvedObject", event.involved());
    body.put("reason", event.reason()).put("message", event.message()).put("type", event.type());
    body.putObject("source").put("component", "kubelet").put("host", nodeName);
    body.put("firstTimestamp", now()).put("lastTimestamp", now()).put("count", 1);
    body.putNull("eventTime");
    body.put("reportingComponent", "kubelet").put("reportingInstance", nodeName);
    client.create(Resources.EVENTS, body);
    return new Written(space, name, 1);
  }

  private Written count(Written before) {
    ObjectNode patch = Json.object();
    patch.put("count", before.count() + 1).put("lastTimestamp", now());
    client.patch(
        Resources.EVENTS, before.namespace(), before.name(), "", PatchType.STRATEGIC, patch);
    return new Written(before.namespace(), before.name(), before.count() + 1);
  }

  @Override
  public void close() {
    writer.interrupt();
  }
}
