package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;
import java.util.List;

/** Probes, lifecycle hooks and their handlers. */
final class ProbeCheck {
  private ProbeCheck() {}

  static void probe(At probe, String which) {
    handler(probe, List.of("exec", "httpGet", "tcpSocket", "grpc"), -1);
    for (String field :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      probe.nonNegative(field);
    }
    if (probe.has("terminationGracePeriodSeconds")
        && probe.number("terminationGracePeriodSeconds", 1) <= 0) {
      probe.invalid("terminationGracePeriodSeconds", "must be greater than 0");
    }
    if (which.equals("readinessProbe")) {
      if (probe.has("terminationGracePeriodSeconds")) {
        probe.invalid("terminationGracePeriodSeconds", "must not be set for readinessProbes");
      }
    } else if (probe.number("successThreshold", 1) != 1) {
      probe.invalid("successThreshold", "must be 1");
    }
  }

  static void lifecycle(At lifecycle, PodScope scope) {
    List<String> kinds = List.of("exec", "httpGet", "tcpSocket", "sleep");
    lifecycle.ifPresent("postStart", h -> handler(h, kinds, scope.graceSeconds()));
    lifecycle.ifPresent("preStop", h -> handler(h, kinds, scope.graceSeconds()));
    if (lifecycle.has("stopSignal") && scope.os().isEmpty()) {
      lifecycle.forbidden("stopSignal", "may not be set for containers with empty `spec.os.name`");
    }
  }

  private static void handler(At handler, List<String> kinds, long graceSeconds) {
    String found = "";
    for (String kind : kinds) {
      if (!handler.has(kind)) {
        continue;
      }
      if (!found.isEmpty()) {
        handler.forbidden(kind, "may not specify more than 1 handler type");
        continue;
      }
      found = kind;
      At action = handler.child(kind);
      switch (kind) {
        case "exec" -> action.required("command");
        case "httpGet" -> httpGet(action);
        case "tcpSocket", "grpc" -> port(action);
        default -> sleep(action, graceSeconds);
      }
    }
    if (found.isEmpty()) {
      handler.errors().required(handler.path(), "must specify a handler type");
    }
  }

  private static void httpGet(At get) {
    get.required("path");
    port(get);
    List<String> schemes = List.of("HTTP", "HTTPS");
    if (!schemes.contains(get.text("scheme"))) {
      get.errors().notSupported(get.at("scheme"), get.text("scheme"), schemes);
    }
    get.each(
        "httpHeaders",
        h ->
            h.errors()
                .invalid(get.at("httpHeaders"), h.text("name"), Names.httpHeader(h.text("name"))));
  }

  /** A port by number or name. */
  static void port(At action) {
    JsonNode port = action.node().path("port");
    if (port.isTextual()) {
      action.errors().invalid(action.at("port"), port.textValue(), Names.portName(port.asText()));
    } else {
      long number = port.asLong(0);
      action.errors().invalid(action.at("port"), number, Names.port(number));
    }
  }

  private static void sleep(At sleep, long graceSeconds) {
    long seconds = sleep.number("seconds", 0);
    if (graceSeconds >= 0 && (seconds < 0 || seconds > graceSeconds)) {
      sleep
          .errors()
          .invalid(
              sleep.path(),
              seconds,
              "must be non-negative and less than terminationGracePeriodSeconds ("
                  + graceSeconds
                  + ")");
    }
  }
}
