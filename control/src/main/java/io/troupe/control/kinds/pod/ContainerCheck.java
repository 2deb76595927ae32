package io.troupe.control.kinds.pod;

import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Validation of main, init and ephemeral containers. */
final class ContainerCheck {
  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> PROBES =
      List.of("livenessProbe", "readinessProbe", "startupProbe");
  private static final String SIDECAR_ONLY =
      "may not be set for init containers without restartPolicy=Always";
  private static final Set<String> EPHEMERAL_FORBIDDEN =
      Set.of(
          "ports",
          "resources",
          "lifecycle",
          "livenessProbe",
          "readinessProbe",
          "startupProbe",
          "resizePolicy",
          "restartPolicy",
          "restartPolicyRules");

  private ContainerCheck() {}

  static void main(At container, PodScope scope, Set<String> names) {
    common(container, scope);
    unique(container, names);
    running(container, scope);
    RestartCheck.container(container);
  }

  static void init(At container, PodScope scope, Set<String> names) {
    common(container, scope);
    RestartCheck.container(container);
    unique(container, names);
    HostPorts.container(container, new HashSet<>());
    if (container.text("restartPolicy").equals("Always")) {
      running(container, scope);
      return;
    }
    if (container.has("lifecycle")) {
      container.forbidden("lifecycle", SIDECAR_ONLY);
    }
    for (String probe : PROBES) {
      if (container.has(probe)) {
        container.forbidden(probe, SIDECAR_ONLY);
      }
    }
    container.each(
        "resizePolicy",
        p -> {
          if (p.text("restartPolicy").equals("RestartContainer")) {
            p.invalid(
                "restartPolicy",
                "must not be set to 'RestartContainer' for non-sidecar initContainers");
          }
        });
  }

  static void ephemeral(At container, PodScope scope, Set<String> names, Set<String> others) {
    common(container, scope);
    imageOfPod(container);
    unique(container, names);
    String target = container.text("targetContainerName");
    if (!target.isEmpty() && !others.contains(target)) {
      container.errors().notFound(container.at("targetContainerName"), target);
    }
    for (String field : EPHEMERAL_FORBIDDEN) {
      container.mayNot(field, "cannot be set for an Ephemeral Container");
    }
    container.each(
        "volumeMounts",
        m -> {
          m.mayNot("subPath", "cannot be set for an Ephemeral Container");
          m.mayNot("subPathExpr", "cannot be set for an Ephemeral Container");
        });
  }

  static void imageOfPod(At container) {
    String image = container.text("image");
    if (!image.equals(image.strip())) {
      container.invalid("image", "must not have leading or trailing whitespace");
    }
  }

  private static void common(At container, PodScope scope) {
    container.requiredFollows("name", Names::dnsLabel);
    container.required("image");
    container.requiredOneOf("terminationMessagePolicy", List.of("File", "FallbackToLogsOnError"));
    ports(container);
    EnvCheck.check(container);
    MountCheck.check(container, scope);
    container.requiredOneOf("imagePullPolicy", PULL_POLICIES);
    container.ifPresent("resources", r -> ResourceCheck.requirements(r, false));
    resizePolicy(container, scope);
    container.ifPresent("securityContext", s -> SecurityCheck.container(s, scope));
  }

  private static void unique(At container, Set<String> names) {
    String name = container.text("name");
    if (!name.isEmpty() && !names.add(name)) {
      container.errors().duplicate(container.at("name"), name);
    }
  }

  private static void running(At container, PodScope scope) {
    container.ifPresent("lifecycle", l -> ProbeCheck.lifecycle(l, scope));
    for (String probe : PROBES) {
      container.ifPresent(probe, p -> ProbeCheck.probe(p, probe));
    }
  }

  private static void ports(At container) {
    Set<String> names = new HashSet<>();
    container.each(
        "ports",
        port -> {
          String name = port.text("name");
          if (!name.isEmpty()) {
            List<String> wrong = Names.portName(name);
            port.errors().invalid(port.at("name"), name, wrong);
            if (wrong.isEmpty() && !names.add(name)) {
              port.errors().duplicate(port.at("name"), name);
            }
          }
          long number = port.number("containerPort", 0);
          if (number == 0) {
            port.errors().required(port.at("containerPort"), "");
          } else {
            port.errors().invalid(port.at("containerPort"), number, Names.port(number));
          }
          long host = port.number("hostPort", 0);
          if (host != 0) {
            port.errors().invalid(port.at("hostPort"), host, Names.port(host));
          }
          port.requiredOneOf("protocol", List.of("SCTP", "TCP", "UDP"));
        });
  }

  private static void resizePolicy(At container, PodScope scope) {
    Set<String> seen = new HashSet<>();
    container.each(
        "resizePolicy",
        policy -> {
          if (!seen.add(policy.text("resourceName"))) {
            policy.errors().duplicate(policy.path(), policy.text("resourceName"));
          }
          policy.requiredOneOf("resourceName", List.of("cpu", "memory"));
          policy.requiredOneOf("restartPolicy", List.of("NotRequired", "RestartContainer"));
          if (scope.restartPolicy().equals("Never")
              && !policy.text("restartPolicy").equals("NotRequired")) {
            policy.invalid(
                "restartPolicy", "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
          }
        });
  }
}
