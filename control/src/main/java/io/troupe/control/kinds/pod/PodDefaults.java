package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;

/** Defaults of pods and pod templates (core/v1 {@code SetDefaults_Pod}, {@code _PodSpec}). */
public final class PodDefaults {
  private PodDefaults() {}

  /** A pod: what a template gets, and what only a pod gets. */
  static void pod(ObjectNode pod) {
    ObjectNode spec = Json.ensure(pod, "spec");
    if (Json.number(spec, 0, "terminationGracePeriodSeconds") < 0) {
      spec.put("terminationGracePeriodSeconds", 1);
    }
    spec(spec);
    Fill.flag(spec, "enableServiceLinks", true);
    Fill.each(spec, "containers", ContainerDefaults::requestsFromLimits);
    Fill.each(spec, "initContainers", ContainerDefaults::requestsFromLimits);
    addresses(pod);
  }

  /** {@code spec} of a template, made when absent. */
  public static void template(ObjectNode template) {
    if (template.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("creationTimestamp");
    }
    spec(Json.ensure(template, "spec"));
  }

  /** A pod spec. */
  public static void spec(ObjectNode spec) {
    serviceAccount(spec);
    Fill.text(spec, "dnsPolicy", "ClusterFirst");
    Fill.text(spec, "restartPolicy", "Always");
    Fill.object(spec, "securityContext");
    Fill.number(spec, "terminationGracePeriodSeconds", 30);
    Fill.text(spec, "schedulerName", "default-scheduler");
    boolean hostNetwork = Json.flag(spec, false, "hostNetwork");
    Fill.each(spec, "initContainers", c -> ContainerDefaults.container(c, hostNetwork));
    Fill.each(spec, "containers", c -> ContainerDefaults.container(c, hostNetwork));
    Fill.each(spec, "ephemeralContainers", c -> ContainerDefaults.container(c, false));
    Fill.each(spec, "volumes", VolumeDefaults::volume);
    ResourceDefaults.round(spec.get("overhead"));
    Fill.ifObject(spec, "resources", ResourceDefaults::requirements);
  }

  private static void serviceAccount(ObjectNode spec) {
    String name = Json.text(spec, "serviceAccountName");
    String account = name.isEmpty() ? Json.text(spec, "serviceAccount") : name;
    if (!account.isEmpty()) {
      spec.put("serviceAccountName", account).put("serviceAccount", account);
    }
  }

  /** podIP and podIPs tell the same. */
  private static void addresses(ObjectNode pod) {
    if (!(pod.get("status") instanceof ObjectNode status)) {
      return;
    }
    String ip = Json.text(status, "podIP");
    JsonNode ips = status.get("podIPs");
    if (ip.isEmpty() && !Same.isEmpty(ips)) {
      status.put("podIP", Json.text(ips.get(0), "ip"));
    } else if (!ip.isEmpty() && (Same.isEmpty(ips) || !Json.text(ips.get(0), "ip").equals(ip))) {
      status.putArray("podIPs").addObject().put("ip", ip);
    }
  }
}
