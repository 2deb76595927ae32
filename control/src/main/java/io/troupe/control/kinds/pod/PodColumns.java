package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Times;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How {@code kubectl get pods} shows a pod. */
final class PodColumns {
  static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Ready",
              "Status",
              "Restarts",
              "Age",
              "+IP",
              "+Node",
              "+Nominated Node",
              "+Readiness Gates")
          .row(PodColumns::row);

  private PodColumns() {}

  private static void row(ObjectNode pod, long now, List<Object> row) {
    PodSummary summary = PodSummary.of(pod);
    row.add(summary.ready() + "/" + summary.total());
    row.add(summary.reason());
    row.add(restarts(summary, now));
    row.add(Columns.age(pod, now));
    String ip = Json.text(pod.path("status").path("podIPs").path(0), "ip");
    row.add(orNone(ip.isEmpty() ? Json.text(pod, "status", "podIP") : ip));
    row.add(orNone(Json.text(pod, "spec", "nodeName")));
    row.add(orNone(Json.text(pod, "status", "nominatedNodeName")));
    row.add(gates(pod));
  }

  private static String restarts(PodSummary summary, long now) {
    return summary.restarts() == 0 || summary.lastRestart().isEmpty()
        ? Long.toString(summary.restarts())
        : summary.restarts() + " (" + Times.since(summary.lastRestart(), now) + " ago)";
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }

  private static String gates(ObjectNode pod) {
    List<JsonNode> gates = Json.items(pod, "spec", "readinessGates");
    if (gates.isEmpty()) {
      return "<none>";
    }
    Map<String, String> conditions = new HashMap<>();
    Json.items(pod, "status", "conditions")
        .forEach(c -> conditions.putIfAbsent(Json.text(c, "type"), Json.text(c, "status")));
    long open =
        gates.stream()
            .filter(g -> "True".equals(conditions.get(Json.text(g, "conditionType"))))
            .count();
    return open + "/" + gates.size();
  }
}
