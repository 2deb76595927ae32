package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The single checks of the baseline and restricted levels, in upstream's order and words. */
final class PodSecurityChecks {
  private static final Set<String> DEFAULT_CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> SAFE_SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");
  private static final Set<String> SAFE_VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret",
          "image");

  private final JsonNode spec;
  private final List<JsonNode> containers = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private PodSecurityChecks(ObjectNode pod) {
    spec = pod.path("spec");
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      containers.addAll(Json.items(spec, list));
    }
  }

  /** What a level forbids of the pod, as {@code reason (detail)}. */
  static List<String> problems(ObjectNode pod, String level) {
    PodSecurityChecks checks = new PodSecurityChecks(pod);
    if (!level.equals("privileged")) {
      checks.baseline();
    }
    if (level.equals("restricted")) {
      checks.restricted();
    }
    return checks.problems;
  }

  private void baseline() {
    capabilitiesBaseline();
    hostNamespaces();
    List<String> hostPaths = volumes(v -> v.has("hostPath"));
    if (!hostPaths.isEmpty()) {
      problem("hostPath volumes", plural("volume", hostPaths));
    }
    hostPorts();
    each(
        "privileged",
        c -> PodSecurity.is(security(c), "privileged", true),
        "must not set securityContext.privileged=true");
    each(
        "procMount",
        c -> Json.text(security(c), "procMount").equals("Unmasked"),
        "must not set securityContext.procMount to \"Unmasked\"");
    if (unconfined(spec.path("securityContext"))) {
      problem(
          "seccompProfile",
          "pod must not set securityContext.seccompProfile.type to \"Unconfined\"");
    } else {
      each(
          "seccompProfile",
          c -> unconfined(security(c)),
          "must not set securityContext.seccompProfile.type to \"Unconfined\"");
    }
    List<String> sysctls =
        Json.items(spec, "securityContext", "sysctls").stream()
            .map(s -> Json.text(s, "name"))
            .filter(name -> !SAFE_SYSCTLS.contains(name))
            .toList();
    if (!sysctls.isEmpty()) {
      problem("forbidden sysctls", String.join(", ", sysctls));
    }
  }

  private void restricted() {
    each(
        "allowPrivilegeEscalation != false",
        c -> !PodSecurity.is(security(c), "allowPrivilegeEscalation", false),
        "must set securityContext.allowPrivilegeEscalation=false");
    capabilitiesRestricted();
    restrictedVolumes();
    runAsNonRoot();
    each(
        "runAsUser=0",
        c ->
            security(c).path("runAsUser").isNumber()
                && Json.number(security(c), 1, "runAsUser") == 0,
        "must not set runAsUser=0");
    boolean pod = confined(spec.path("securityContext"));
    List<String> bad =
        names(c -> !confined(security(c)) && (!pod || security(c).has("seccompProfile")));
    if (!bad.isEmpty()) {
      problem(
          "seccompProfile",
          "pod or "
              + plural("container", bad)
              + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
              + " \"Localhost\"");
    }
  }

  private void capabilitiesBaseline() {
    Set<String> added = new TreeSet<>();
    List<String> bad =
        names(
            c -> {
              List<String> extra = capabilities(c, "add");
              extra.removeAll(DEFAULT_CAPABILITIES);
              added.addAll(extra);
              return !extra.isEmpty();
            });
    if (!bad.isEmpty()) {
      problem(
          "non-default capabilities",
          plural("container", bad)
              + " must not include "
              + quoted(added)
              + " in securityContext.capabilities.add");
    }
  }

  private void capabilitiesRestricted() {
    List<String> details = new ArrayList<>();
    List<String> kept = names(c -> !capabilities(c, "drop").contains("ALL"));
    if (!kept.isEmpty()) {
      details.add(
          plural("container", kept) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    Set<String> added = new TreeSet<>();
    List<String> bad =
        names(
            c -> {
              List<String> extra = capabilities(c, "add");
              extra.remove("NET_BIND_SERVICE");
              added.addAll(extra);
              return !extra.isEmpty();
            });
    if (!bad.isEmpty()) {
      details.add(
          plural("container", bad)
              + " must not include "
              + quoted(added)
              + " in securityContext.capabilities.add");
    }
    if (!details.isEmpty()) {
      problem("unrestricted capabilities", String.join("; ", details));
    }
  }

  private void hostNamespaces() {
    List<String> used =
        List.of("hostNetwork", "hostPID", "hostIPC").stream()
            .filter(f -> Json.flag(spec, false, f))
            .map(f -> f + "=true")
            .toList();
    if (!used.isEmpty()) {
      problem("host namespaces", String.join(", ", used));
    }
  }

  private void hostPorts() {
    Set<String> ports = new TreeSet<>();
    List<String> bad =
        names(
            c -> {
              List<String> own =
                  Json.items(c, "ports").stream()
                      .map(p -> Json.number(p, 0, "hostPort"))
                      .filter(p -> p != 0)
                      .map(p -> Long.toString(p))
                      .toList();
              ports.addAll(own);
              return !own.isEmpty();
            });
    if (!bad.isEmpty()) {
      String uses = bad.size() == 1 ? " uses " : " use ";
      String what = ports.size() == 1 ? "hostPort " : "hostPorts ";
      problem("hostPort", plural("container", bad) + uses + what + String.join(", ", ports));
    }
  }

  private void restrictedVolumes() {
    Set<String> types = new TreeSet<>();
    List<String> bad =
        volumes(
            v -> {
              List<String> own = new ArrayList<>();
              v.fieldNames().forEachRemaining(own::add);
              own.remove("name");
              own.removeAll(SAFE_VOLUMES);
              types.addAll(own);
              return !own.isEmpty();
            });
    if (!bad.isEmpty()) {
      String uses = bad.size() == 1 ? " uses" : " use";
      String what = types.size() == 1 ? " restricted volume type " : " restricted volume types ";
      problem("restricted volume types", plural("volume", bad) + uses + what + quoted(types));
    }
  }

  private void runAsNonRoot() {
    boolean pod = PodSecurity.is(spec.path("securityContext"), "runAsNonRoot", true);
    List<String> refusing = names(c -> PodSecurity.is(security(c), "runAsNonRoot", false));
    List<String> silent = names(c -> !pod && !security(c).path("runAsNonRoot").isBoolean());
    if (!refusing.isEmpty()) {
      problem(
          "runAsNonRoot != true",
          plural("container", refusing) + " must not set securityContext.runAsNonRoot=false");
    } else if (!silent.isEmpty()) {
      problem(
          "runAsNonRoot != true",
          "pod or " + plural("container", silent) + " must set securityContext.runAsNonRoot=true");
    }
  }

  private void each(String reason, Predicate<JsonNode> bad, String detail) {
    List<String> names = names(bad);
    if (!names.isEmpty()) {
      problem(reason, plural("container", names) + " " + detail);
    }
  }

  private void problem(String reason, String detail) {
    problems.add(reason + " (" + detail + ")");
  }

  private List<String> names(Predicate<JsonNode> bad) {
    return containers.stream().filter(bad).map(c -> Json.text(c, "name")).toList();
  }

  private List<String> volumes(Predicate<JsonNode> bad) {
    return Json.items(spec, "volumes").stream().filter(bad).map(v -> Json.text(v, "name")).toList();
  }

  private static JsonNode security(JsonNode container) {
    return container.path("securityContext");
  }

  private static List<String> capabilities(JsonNode container, String list) {
    return Json.items(security(container), "capabilities", list).stream()
        .map(JsonNode::asText)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static boolean unconfined(JsonNode context) {
    return Json.text(context, "seccompProfile", "type").equals("Unconfined");
  }

  private static boolean confined(JsonNode context) {
    String type = Json.text(context, "seccompProfile", "type");
    return type.equals("RuntimeDefault") || type.equals("Localhost");
  }

  private static String plural(String noun, List<String> names) {
    return noun + (names.size() == 1 ? " " : "s ") + quoted(names);
  }

  private static String quoted(Iterable<String> names) {
    List<String> quoted = new ArrayList<>();
    names.forEach(n -> quoted.add(Errors.quote(n)));
    return String.join(", ", quoted);
  }
}
