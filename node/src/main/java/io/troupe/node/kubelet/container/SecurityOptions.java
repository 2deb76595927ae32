package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.runtime.cri.Cri;
import java.util.List;

/** Security contexts of pod and container, merged and in CRI's words. */
final class SecurityOptions {
  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final JsonNode pod;
  private final JsonNode podContext;

  SecurityOptions(JsonNode pod) {
    this.pod = pod;
    this.podContext = Json.at(pod, "spec", "securityContext");
  }

  /** The container's own field, or the pod's. */
  private JsonNode effective(JsonNode container, String field) {
    JsonNode own = Json.at(container, "securityContext", field);
    return own.isMissingNode() || own.isNull() ? Json.at(podContext, field) : own;
  }

  Cri.LinuxSandboxSecurityContext sandbox() {
    var context =
        Cri.LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces())
            .setPrivileged(
                PodSpec.allContainers(pod)
                    .anyMatch(c -> Json.flag(c, false, "securityContext", "privileged")))
            .setSeccomp(profile(Cri.SecurityProfile.ProfileType.RuntimeDefault, ""))
            .addAllSupplementalGroups(groups());
    if (podContext.path("runAsUser").isNumber()) {
      context.setRunAsUser(number(podContext.get("runAsUser")));
    }
    if (podContext.path("runAsGroup").isNumber()) {
      context.setRunAsGroup(number(podContext.get("runAsGroup")));
    }
    if (Json.text(podContext, "supplementalGroupsPolicy").equals("Strict")) {
      context.setSupplementalGroupsPolicy(Cri.SupplementalGroupsPolicy.Strict);
    }
    return context.build();
  }

  private Cri.NamespaceOption namespaces() {
    return Cri.NamespaceOption.newBuilder()
        .setNetwork(mode(PodSpec.isHostNetwork(pod)))
        .setIpc(mode(Json.flag(pod, false, "spec", "hostIPC")))
        .setPid(
            Json.flag(pod, false, "spec", "hostPID")
                ? Cri.NamespaceMode.NODE
                : Json.flag(pod, false, "spec", "shareProcessNamespace")
                    ? Cri.NamespaceMode.POD
                    : Cri.NamespaceMode.CONTAINER)
        .build();
  }

  private static Cri.NamespaceMode mode(boolean host) {
    return host ? Cri.NamespaceMode.NODE : Cri.NamespaceMode.POD;
  }

  private List<Long> groups() {
    List<Long> groups = new java.util.ArrayList<>();
    if (podContext.path("fsGroup").isNumber()) {
      groups.add(podContext.get("fsGroup").longValue());
    }
    Json.items(podContext, "supplementalGroups").forEach(g -> groups.add(g.longValue()));
    return groups;
  }

  /**
   * A container's context.
   *
   * @param image gives the user when nobody else names one
   * @param targetId for an ephemeral container, the container whose processes it sees, or ""
   */
  Cri.LinuxContainerSecurityContext container(
      JsonNode container, Cri.Image image, String targetId) {
    var namespaces = namespaces().toBuilder();
    if (!targetId.isEmpty() && namespaces.getPid() == Cri.NamespaceMode.CONTAINER) {
      namespaces.setPid(Cri.NamespaceMode.TARGET).setTargetId(targetId);
    }
    var context =
        Cri.LinuxContainerSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces)
            .setPrivileged(Json.flag(container, false, "securityContext", "privileged"))
            .setReadonlyRootfs(
                Json.flag(container, false, "securityContext", "readOnlyRootFilesystem"))
            .setNoNewPrivs(
                !Json.flag(container, true, "securityContext", "allowPrivilegeEscalation"))
            .addAllSupplementalGroups(groups())
            .setSeccomp(seccomp(container))
            .setCapabilities(capabilities(container));
    if (!Json.text(container, "securityContext", "procMount").equals("Unmasked")) {
      context.addAllMaskedPaths(MASKED_PATHS).addAllReadonlyPaths(READONLY_PATHS);
    }
    if (Json.text(podContext, "supplementalGroupsPolicy").equals("Strict")) {
      context.setSupplementalGroupsPolicy(Cri.SupplementalGroupsPolicy.Strict);
    }
    user(container, image, context);
    return context.build();
  }

  private void user(
      JsonNode container, Cri.Image image, Cri.LinuxContainerSecurityContext.Builder context) {
    JsonNode user = effective(container, "runAsUser");
    if (user.isNumber()) {
      context.setRunAsUser(number(user));
    } else if (image.hasUid()) {
      context.setRunAsUser(image.getUid());
    } else {
      context.setRunAsUsername(image.getUsername());
    }
    JsonNode group = effective(container, "runAsGroup");
    if (group.isNumber()) {
      context.setRunAsGroup(number(group));
    }
    if (effective(container, "runAsNonRoot").asBoolean(false)) {
      verifyNonRoot(container, user, image);
    }
  }

  private void verifyNonRoot(JsonNode container, JsonNode user, Cri.Image image) {
    String which =
        "(pod: \"" + PodSpec.format(pod) + "\", container: " + PodSpec.name(container) + ")";
    if (user.isNumber()) {
      if (user.longValue() == 0) {
        throw new ConfigProblem("container's runAsUser breaks non-root policy " + which);
      }
    } else if (image.hasUid() ? image.getUid().getValue() == 0 : image.getUsername().isEmpty()) {
      throw new ConfigProblem("container has runAsNonRoot and image will run as root " + which);
    } else if (!image.hasUid()) {
      throw new ConfigProblem(
          "container has runAsNonRoot and image has non-numeric user ("
              + image.getUsername()
              + "), cannot verify user is non-root "
              + which);
    }
  }

  private static Cri.Int64Value number(JsonNode node) {
    return Cri.Int64Value.newBuilder().setValue(node.longValue()).build();
  }

  private static Cri.Capability capabilities(JsonNode container) {
    var capability = Cri.Capability.newBuilder();
    Json.items(container, "securityContext", "capabilities", "add")
        .forEach(c -> capability.addAddCapabilities(c.asText()));
    Json.items(container, "securityContext", "capabilities", "drop")
        .forEach(c -> capability.addDropCapabilities(c.asText()));
    return capability.build();
  }

  private Cri.SecurityProfile seccomp(JsonNode container) {
    JsonNode wanted = effective(container, "seccompProfile");
    return switch (Json.text(wanted, "type")) {
      case "RuntimeDefault" -> profile(Cri.SecurityProfile.ProfileType.RuntimeDefault, "");
      case "Localhost" ->
          profile(
              Cri.SecurityProfile.ProfileType.Localhost,
              "/var/lib/kubelet/seccomp/" + Json.text(wanted, "localhostProfile"));
      default -> profile(Cri.SecurityProfile.ProfileType.Unconfined, "");
    };
  }

  private static Cri.SecurityProfile profile(
      Cri.SecurityProfile.ProfileType type, String reference) {
    return Cri.SecurityProfile.newBuilder().setProfileType(type).setLocalhostRef(reference).build();
  }
}
