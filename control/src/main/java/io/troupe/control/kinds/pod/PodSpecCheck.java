package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.MetadataCheck;
import io.troupe.control.kinds.field.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validation of a pod spec (core {@code ValidatePodSpec}), in pods and in templates. */
public final class PodSpecCheck {
  static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> DNS_POLICIES =
      List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");

  private PodSpecCheck() {}

  /** A new or changed pod. */
  static void pod(ObjectNode pod, Errors errors) {
    At spec = At.spec(pod, errors);
    spec(spec, Json.text(pod, "metadata", "name"), true);
    spec.nonNegative("terminationGracePeriodSeconds");
    for (String list : List.of("containers", "initContainers")) {
      spec.each(list, ContainerCheck::imageOfPod);
    }
  }

  /**
   * A spec.
   *
   * @param podName for the names of claims that ephemeral volumes make, "" in templates
   */
  public static void spec(At spec, String podName, boolean isPod) {
    spec.required("terminationGracePeriodSeconds");
    Map<String, JsonNode> volumes = VolumeCheck.volumes(spec, podName);
    PodScope scope = PodScope.of(spec, volumes, isPod);
    containers(spec, scope);
    hostNetwork(spec, isPod);
    spec.requiredOneOf("restartPolicy", RESTART_POLICIES);
    spec.requiredOneOf("dnsPolicy", DNS_POLICIES);
    MetadataCheck.labels(spec.node().get("nodeSelector"), spec.at("nodeSelector"), spec.errors());
    spec.ifPresent("securityContext", s -> SecurityCheck.pod(s, spec));
    SchedulingCheck.check(spec);
    DnsCheck.config(spec);
    gates(spec);
    names(spec);
    hostUsers(spec);
    spec.inRange("activeDeadlineSeconds", 1, Integer.MAX_VALUE);
    spec.oneOf("preemptionPolicy", List.of("PreemptLowerPriority", "Never"));
    spec.ifPresent("overhead", o -> ResourceCheck.list(o, false));
    spec.ifPresent("resources", r -> ResourceCheck.requirements(r, true));
    spec.ifPresent("os", os -> os.requiredOneOf("name", List.of("linux", "windows")));
  }

  private static void containers(At spec, PodScope scope) {
    Set<String> names = new HashSet<>();
    if (spec.lacks("containers")) {
      spec.errors().required(spec.at("containers"), "");
    }
    spec.each("containers", c -> ContainerCheck.main(c, scope, names));
    HostPorts.check(spec, "containers");
    spec.each("initContainers", c -> ContainerCheck.init(c, scope, names));
    Set<String> others = Set.copyOf(names);
    spec.each("ephemeralContainers", c -> ContainerCheck.ephemeral(c, scope, names, others));
  }

  private static void hostNetwork(At spec, boolean isPod) {
    if (!spec.flag("hostNetwork")) {
      return;
    }
    spec.each(
        "containers",
        c ->
            c.each(
                "ports",
                port -> {
                  long host = port.number("hostPort", 0);
                  if ((isPod || host != 0) && host != port.number("containerPort", 0)) {
                    port.errors()
                        .invalid(
                            port.at("hostPort"),
                            host,
                            "must match `containerPort` when `hostNetwork` is true");
                  }
                }));
  }

  private static void gates(At spec) {
    spec.each("readinessGates", g -> g.follows("conditionType", Names::qualifiedName));
    Set<String> seen = new HashSet<>();
    spec.each(
        "schedulingGates",
        gate -> {
          String name = gate.text("name");
          gate.errors().invalid(gate.path(), name, Names.qualifiedName(name));
          if (!seen.add(name)) {
            gate.errors().duplicate(gate.path(), name);
          }
        });
  }

  private static void names(At spec) {
    spec.follows("serviceAccountName", Names::dnsSubdomain);
    spec.follows("nodeName", Names::dnsSubdomain);
    spec.follows("hostname", Names::dnsLabel);
    spec.follows("subdomain", Names::dnsLabel);
    spec.follows("priorityClassName", Names::dnsSubdomain);
    spec.follows("runtimeClassName", Names::dnsSubdomain);
    if (spec.has("hostnameOverride")) {
      if (spec.flag("setHostnameAsFQDN")) {
        spec.forbidden("hostnameOverride", "may not be specified when setHostnameAsFQDN is true");
      }
      if (spec.flag("hostNetwork")) {
        spec.forbidden("hostnameOverride", "may not be specified when hostNetwork is true");
      }
      if (spec.text("hostnameOverride").length() > 64) {
        spec.errors().tooLong(spec.at("hostnameOverride"), 64);
      }
      spec.child("hostnameOverride").follows(Names::dnsSubdomain);
    }
  }

  private static void hostUsers(At spec) {
    if (spec.has("hostUsers") && !spec.flag("hostUsers")) {
      for (String field : List.of("hostPID", "hostIPC")) {
        if (spec.flag(field)) {
          String shown = "H" + field.substring(1);
          spec.forbidden(shown, "when `hostUsers` is false");
        }
      }
    }
    if (spec.flag("shareProcessNamespace") && spec.flag("hostPID")) {
      spec.invalid(
          "shareProcessNamespace", "ShareProcessNamespace and HostPID cannot both be enabled");
    }
  }
}
