package io.troupe.control.kinds.pod;

import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Environment variables and where their values come from, and the downward API's fields. */
final class EnvCheck {
  private static final Set<String> ENV_FIELDS =
      new TreeSet<>(
          List.of(
              "metadata.name",
              "metadata.namespace",
              "metadata.uid",
              "spec.nodeName",
              "spec.serviceAccountName",
              "status.hostIP",
              "status.hostIPs",
              "status.podIP",
              "status.podIPs"));
  static final Set<String> VOLUME_FIELDS =
      new TreeSet<>(
          List.of(
              "metadata.name",
              "metadata.namespace",
              "metadata.labels",
              "metadata.annotations",
              "metadata.uid"));
  private static final Set<String> RESOURCES =
      new TreeSet<>(
          List.of(
              "limits.cpu",
              "limits.memory",
              "limits.ephemeral-storage",
              "requests.cpu",
              "requests.memory",
              "requests.ephemeral-storage"));
  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");
  private static final Set<String> KNOWN_FIELDS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.serviceAccountName",
          "spec.schedulerName",
          "status.phase",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  private EnvCheck() {}

  static void check(At container) {
    container.each(
        "env",
        env -> {
          env.requiredFollows("name", Names::envName);
          env.ifPresent("valueFrom", from -> source(from, env));
        });
    container.each("envFrom", from -> from(from, container));
  }

  private static void source(At from, At env) {
    long count = SOURCES.stream().filter(from::has).count();
    from.ifPresent("fieldRef", ref -> field(ref, ENV_FIELDS));
    from.ifPresent("resourceFieldRef", ref -> resource(ref, false));
    from.ifPresent("configMapKeyRef", EnvCheck::key);
    from.ifPresent("secretKeyRef", EnvCheck::key);
    from.ifPresent(
        "fileKeyRef",
        ref -> {
          ref.required("key");
          ref.required("volumeName");
          ref.required("path");
        });
    if (count == 0) {
      from.errors()
          .invalid(
              from.path(),
              "",
              "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`,"
                  + " `secretKeyRef` or `fileKeyRef`");
    } else if (!env.lacks("value")) {
      from.errors().invalid(from.path(), "", "may not be specified when `value` is not empty");
    } else if (count > 1) {
      from.errors()
          .invalid(from.path(), "", "may not have more than one field specified at a time");
    }
  }

  private static void key(At ref) {
    ref.requiredFollows("name", Names::dnsSubdomain);
    ref.requiredFollows("key", Names::configKey);
  }

  private static void from(At from, At container) {
    from.follows("prefix", Names::envName);
    boolean map = from.has("configMapRef");
    boolean secret = from.has("secretRef");
    from.ifPresent("configMapRef", ref -> ref.requiredFollows("name", Names::dnsSubdomain));
    from.ifPresent("secretRef", ref -> ref.requiredFollows("name", Names::dnsSubdomain));
    if (!map && !secret) {
      from.errors()
          .invalid(
              container.at("envFrom"), "", "must specify one of: `configMapRef` or `secretRef`");
    } else if (map && secret) {
      from.errors()
          .invalid(
              container.at("envFrom"), "", "may not have more than one field specified at a time");
    }
  }

  /** A field of the pod, as the downward API names it. */
  static void field(At ref, Set<String> supported) {
    if (!ref.required("apiVersion") || !ref.required("fieldPath")) {
      return;
    }
    String path = Json.text(ref.node(), "fieldPath");
    int bracket = path.indexOf("['");
    if (bracket > 0 && path.endsWith("']")) {
      String base = path.substring(0, bracket);
      String key = path.substring(bracket + 2, path.length() - 2);
      switch (base) {
        case "metadata.annotations" ->
            ref.errors()
                .invalid(ref.path(), key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
        case "metadata.labels" -> ref.errors().invalid(ref.path(), key, Names.qualifiedName(key));
        default -> ref.errors().invalid(ref.path(), base, "does not support subscript");
      }
    } else if (!KNOWN_FIELDS.contains(path)) {
      ref.invalid("fieldPath", "error converting fieldPath: field label not supported: " + path);
    } else if (!supported.contains(path)) {
      ref.errors().notSupported(ref.at("fieldPath"), path, supported);
    }
  }

  /** A resource of a container, as the downward API names it. */
  static void resource(At ref, boolean inVolume) {
    String resource = ref.text("resource");
    if (inVolume && ref.lacks("containerName")) {
      ref.errors().required(ref.at("containerName"), "");
    } else if (resource.isEmpty()) {
      ref.errors().required(ref.at("resource"), "");
    } else if (!RESOURCES.contains(resource)
        && !resource.startsWith("requests.hugepages-")
        && !resource.startsWith("limits.hugepages-")) {
      ref.errors().notSupported(ref.at("resource"), resource, RESOURCES);
    }
    divisor(ref, resource);
  }

  private static void divisor(At ref, String resource) {
    String divisor = ref.text("divisor");
    if (divisor.isEmpty() || divisor.equals("0")) {
      return;
    }
    if (resource.endsWith(".cpu")) {
      if (!Set.of("1", "1m").contains(divisor)) {
        ref.errors()
            .invalid(
                ref.at("divisor"),
                resource,
                "only divisor's values 1m and 1 are supported with the cpu resource");
      }
    } else if (!divisor.matches("1([kMGTPE]|[KMGTPE]i)?")) {
      String what =
          resource.endsWith(".memory")
              ? "memory"
              : resource.endsWith("-storage") ? "local ephemeral storage" : "hugepages";
      ref.errors()
          .invalid(
              ref.at("divisor"),
              resource,
              "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are"
                  + " supported with the "
                  + what
                  + " resource");
    }
  }
}
