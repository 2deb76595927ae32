package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;
import java.util.Map;

/** Defaults of containers, ports, probes and handlers. */
final class ContainerDefaults {
  private ContainerDefaults() {}

  static void container(ObjectNode container, boolean hostNetwork) {
    Fill.text(container, "imagePullPolicy", pullPolicy(Json.text(container, "image")));
    Fill.text(container, "terminationMessagePath", "/dev/termination-log");
    Fill.text(container, "terminationMessagePolicy", "File");
    Fill.ifObject(container, "resources", ResourceDefaults::requirements);
    Fill.each(container, "ports", port -> port(port, hostNetwork));
    Fill.each(container, "env", ContainerDefaults::env);
    Fill.ifObject(container, "livenessProbe", ContainerDefaults::probe);
    Fill.ifObject(container, "readinessProbe", ContainerDefaults::probe);
    Fill.ifObject(container, "startupProbe", ContainerDefaults::probe);
    Fill.ifObject(
        container,
        "lifecycle",
        lifecycle -> {
          Fill.ifObject(lifecycle, "postStart", ContainerDefaults::handler);
          Fill.ifObject(lifecycle, "preStop", ContainerDefaults::handler);
        });
  }

  /** {@code latest} or no tag means Always. */
  static String pullPolicy(String image) {
    if (image.indexOf('@') >= 0) {
      return "IfNotPresent";
    }
    int colon = image.lastIndexOf(':');
    String tag = colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
    return tag.equals("latest") ? "Always" : "IfNotPresent";
  }

  private static void port(ObjectNode port, boolean hostNetwork) {
    Fill.text(port, "protocol", "TCP");
    if (hostNetwork && Json.number(port, 0, "hostPort") == 0 && port.has("containerPort")) {
      port.set("hostPort", port.get("containerPort"));
    }
  }

  private static void env(ObjectNode env) {
    Fill.ifObject(
        env,
        "valueFrom",
        from -> {
          Fill.ifObject(from, "fieldRef", ref -> Fill.text(ref, "apiVersion", "v1"));
          Fill.ifObject(from, "resourceFieldRef", ref -> Fill.text(ref, "divisor", "0"));
          Fill.ifObject(from, "fileKeyRef", ref -> Fill.flag(ref, "optional", false));
        });
  }

  private static void probe(ObjectNode probe) {
    Fill.nonZero(probe, "timeoutSeconds", 1);
    Fill.nonZero(probe, "periodSeconds", 10);
    Fill.nonZero(probe, "successThreshold", 1);
    Fill.nonZero(probe, "failureThreshold", 3);
    handler(probe);
    Fill.ifObject(probe, "grpc", grpc -> Fill.text(grpc, "service", ""));
  }

  private static void handler(ObjectNode handler) {
    Fill.ifObject(
        handler,
        "httpGet",
        get -> {
          Fill.text(get, "path", "/");
          Fill.text(get, "scheme", "HTTP");
        });
  }

  /** A resource with a limit and no request requests its limit. */
  static void requestsFromLimits(ObjectNode container) {
    JsonNode limits = Json.at(container, "resources", "limits");
    if (!limits.isObject()) {
      return;
    }
    ObjectNode requests = Fill.object((ObjectNode) container.get("resources"), "requests");
    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
      if (!requests.has(limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
  }
}
