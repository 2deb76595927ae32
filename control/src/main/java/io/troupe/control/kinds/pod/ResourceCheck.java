package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.control.kinds.field.Amounts;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Names;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names and amounts of resources. */
public final class ResourceCheck {
  private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
  private static final Set<String> STANDARD =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage",
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "configmaps",
          "persistentvolumeclaims",
          "storage",
          "requests.storage",
          "services.nodeports",
          "services.loadbalancers");

  private ResourceCheck() {}

  /** Limits and requests of a container, or of a pod as a whole. */
  static void requirements(At resources, boolean ofPod) {
    resources.ifPresent("limits", l -> list(l, ofPod));
    resources.ifPresent("requests", r -> list(r, ofPod));
    JsonNode limits = resources.node().path("limits");
    for (Map.Entry<String, JsonNode> request : resources.node().path("requests").properties()) {
      compare(resources, request.getKey(), request.getValue(), limits.get(request.getKey()));
    }
  }

  private static void compare(At resources, String name, JsonNode request, JsonNode limit) {
    boolean overcommit = isNative(name) && !name.startsWith("hugepages-");
    if (limit == null) {
      if (!overcommit) {
        resources
            .errors()
            .required(resources.at("limits"), "Limit must be set for non overcommitable resources");
      }
      return;
    }
    int order = Amounts.of(request).compareTo(Amounts.of(limit));
    if (order != 0 && !overcommit) {
      resources
          .errors()
          .invalid(
              resources.at("requests"),
              request.asText(),
              "must be equal to " + name + " limit of " + limit.asText());
    } else if (order > 0) {
      resources
          .errors()
          .invalid(
              resources.at("requests"),
              request.asText(),
              "must be less than or equal to " + name + " limit of " + limit.asText());
    }
  }

  /** A resource list of a container. */
  static void list(At list, boolean ofPod) {
    for (Map.Entry<String, JsonNode> entry : list.node().properties()) {
      FieldPath path = list.path().key(entry.getKey());
      if (ofPod) {
        podName(entry.getKey(), path, list.errors());
      } else {
        containerName(entry.getKey(), path, list.errors());
      }
      amount(entry.getKey(), entry.getValue(), path, list.errors());
    }
  }

  private static void podName(String name, FieldPath path, Errors errors) {
    if (!Set.of("cpu", "memory").contains(name) && !name.startsWith("hugepages-")) {
      errors.notSupported(path, name, List.of("cpu", "hugepages-", "memory"));
    }
  }

  private static void containerName(String name, FieldPath path, Errors errors) {
    if (!name(name, path, errors)) {
      return;
    }
    if (name.indexOf('/') < 0) {
      if (!CONTAINER.contains(name) && !name.startsWith("hugepages-")) {
        errors.invalid(path, name, "must be a standard resource for containers");
      }
    } else if (!isNative(name) && name.startsWith("requests.")) {
      errors.invalid(path, name, "doesn't follow extended resource name standard");
    }
  }

  /** Any resource name; says whether it is one. */
  public static boolean name(String name, FieldPath path, Errors errors) {
    List<String> wrong = Names.qualifiedName(name);
    errors.invalid(path, name, wrong);
    if (!wrong.isEmpty()) {
      return false;
    }
    if (name.indexOf('/') < 0
        && !STANDARD.contains(name)
        && !name.startsWith("hugepages-")
        && !name.startsWith("requests.hugepages-")) {
      errors.invalid(path, name, "must be a standard resource type or fully qualified");
      return false;
    }
    return true;
  }

  /** Not negative; whole where only whole ones exist. */
  public static void amount(String name, JsonNode quantity, FieldPath path, Errors errors) {
    BigDecimal amount = Amounts.of(quantity);
    if (amount.signum() < 0) {
      errors.invalid(path, quantity, "must be greater than or equal to 0");
    }
    boolean whole = !isNative(name) || name.equals("pods") || name.startsWith("hugepages-");
    if (whole && amount.stripTrailingZeros().scale() > 0) {
      errors.invalid(path, quantity, "must be an integer");
    }
  }

  private static boolean isNative(String name) {
    return name.indexOf('/') < 0 || name.contains("kubernetes.io/");
  }
}
