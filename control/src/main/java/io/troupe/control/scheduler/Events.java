package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.queue.SchedulerCore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events about pods. The same warning about the same pod is written once in a while, not at every
 * attempt.
 */
final class Events {
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int NOTE_LIMIT = 1024;
  private static final long REPEAT_MILLIS = 300_000;
  private static final int REMEMBERED = 10_000;

  private final KubeClient client;
  private final String instance;
  private final Map<String, Long> warned =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  Events(KubeClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  void normal(PodInfo pod, String reason, String action, String note) {
    write(pod, "Normal", reason, action, note);
  }

  void warning(PodInfo pod, String reason, String action, String note) {
    long now = System.currentTimeMillis();
    synchronized (warned) {
      Long before = warned.put(pod.uid() + "|" + note, now);
      if (before != null && now - before < REPEAT_MILLIS) {
        warned.put(pod.uid() + "|" + note, before);
        return;
      }
    }
    write(pod, "Warning", reason, action, note);
  }

  private void write(PodInfo pod, String type, String reason, String action, String note) {
    Instant now = Instant.now();
    ObjectNode event = Json.object().put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", pod.name() + "." + Long.toHexString(nanos(now)))
        .put("namespace", pod.namespace());
    event
        .putObject("involvedObject")
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("namespace", pod.namespace())
        .put("name", pod.name())
        .put("uid", pod.uid());
    event.put("type", type).put("reason", reason).put("action", action);
    event.put("message", shortened(note));
    event.put("eventTime", MICRO_TIME.format(now));
    event.put("reportingComponent", SchedulerCore.DEFAULT_NAME);
    event.put("reportingInstance", instance);
    event.putObject("source").put("component", SchedulerCore.DEFAULT_NAME);
    ApiWrites.attempt("event " + reason, () -> client.create(Resources.EVENTS, event));
  }

  private static long nanos(Instant now) {
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private static String shortened(String note) {
    return note.length() <= NOTE_LIMIT ? note : note.substring(0, NOTE_LIMIT - 4) + " ...";
  }
}
