package io.troupe.control.kinds.pod;

import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;
import java.util.List;

/** Security contexts of pods and containers. */
final class SecurityCheck {
  private SecurityCheck() {}

  static void pod(At context, At spec) {
    for (String field : List.of("fsGroup", "runAsUser", "runAsGroup")) {
      context.inRange(field, 0, Integer.MAX_VALUE);
    }
    context.each(
        "supplementalGroups",
        g ->
            g.errors()
                .invalid(
                    g.path(), g.node(), Names.inRange(g.node().asLong(), 0, Integer.MAX_VALUE)));
    context.oneOf("fsGroupChangePolicy", List.of("Always", "OnRootMismatch"));
    context.oneOf("supplementalGroupsPolicy", List.of("Merge", "Strict"));
    context.oneOf("seLinuxChangePolicy", List.of("MountOption", "Recursive"));
    sysctls(context, spec);
    profiles(context);
  }

  static void container(At context, PodScope scope) {
    context.inRange("runAsUser", 0, Integer.MAX_VALUE);
    context.inRange("runAsGroup", 0, Integer.MAX_VALUE);
    context.oneOf("procMount", List.of("Default", "Unmasked"));
    if (scope.hostUsers() && context.text("procMount").equals("Unmasked")) {
      context.invalid("procMount", "`hostUsers` must be false to use `Unmasked`");
    }
    if (context.has("allowPrivilegeEscalation")
        && !context.flag("allowPrivilegeEscalation")
        && context.flag("privileged")) {
      context.invalid("cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    }
    profiles(context);
  }

  private static void profiles(At context) {
    context.ifPresent(
        "seccompProfile",
        profile -> {
          List<String> types = List.of("Localhost", "RuntimeDefault", "Unconfined");
          if (profile.lacks("type")) {
            profile
                .errors()
                .required(profile.at("type"), "type is required when seccompProfile is set");
          }
          profile.oneOf("type", types);
          localhost(profile, "seccomp");
        });
    context.ifPresent(
        "appArmorProfile",
        profile -> {
          if (profile.lacks("type")) {
            profile
                .errors()
                .required(profile.at("type"), "type is required when appArmorProfile is set");
          }
          profile.oneOf("type", List.of("Localhost", "RuntimeDefault", "Unconfined"));
          localhost(profile, "AppArmor");
        });
  }

  private static void localhost(At profile, String what) {
    boolean wanted = profile.text("type").equals("Localhost");
    if (wanted && profile.lacks("localhostProfile")) {
      profile
          .errors()
          .required(
              profile.at("localhostProfile"), "must be set when " + what + " type is Localhost");
    } else if (wanted && what.equals("seccomp")) {
      Paths.descending(
          profile.text("localhostProfile"), profile.at("localhostProfile"), profile.errors());
    } else if (!wanted && profile.has("localhostProfile")) {
      profile.invalid("localhostProfile", "can only be set when " + what + " type is Localhost");
    }
  }

  private static void sysctls(At context, At spec) {
    context.unique("sysctls", "name");
    context.each(
        "sysctls",
        sysctl -> {
          if (!sysctl.required("name")) {
            return;
          }
          String name = sysctl.text("name").replace('/', '.');
          if (name.length() > 253
              || !name.matches(
                  "[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*")) {
            sysctl.invalid(
                "name",
                "must have at most 253 characters and match regex"
                    + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
          } else if (spec.flag("hostNetwork") && name.startsWith("net.")) {
            sysctl.invalid("name", "may not be specified when 'hostNetwork' is true");
          } else if (spec.flag("hostIPC")
              && (name.startsWith("kernel.shm")
                  || name.startsWith("kernel.msg")
                  || name.equals("kernel.sem")
                  || name.startsWith("fs.mqueue."))) {
            sysctl.invalid("name", "may not be specified when 'hostIPC' is true");
          }
        });
  }
}
