package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.apiserver.authentication.Users;
import io.troupe.persistence.store.Request.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The bindings of one scope (the cluster, or a namespace) by subject; immutable.
 *
 * @param bySubject bindings for {@code u:<user>} and {@code g:<group>}
 */
record Grants(Map<String, List<Grant>> bySubject) {
  static final Grants NONE = new Grants(Map.of());

  /**
   * One binding.
   *
   * @param binding how a reason names it
   * @param role key of the role, which may come and go
   */
  record Grant(String binding, String role, String roleName) {}

  static Grants of(Iterable<ObjectNode> bindings) {
    Map<String, List<Grant>> bySubject = new HashMap<>();
    for (ObjectNode binding : bindings) {
      for (JsonNode subject : Json.items(binding, "subjects")) {
        String key = subject(subject, Meta.namespace(binding));
        Grant grant =
            new Grant(describe(binding, subject), roleKey(binding), roleName(binding));
        bySubject.computeIfAbsent(key, k -> new ArrayList<>()).add(grant);
      }
    }
    return new Grants(bySubject);
  }

  private static String subject(JsonNode subject, String bindingNamespace) {
    String name = Json.text(subject, "name");
    return switch (Json.text(subject, "kind")) {
      case "Group" -> "g:" + name;
      case "ServiceAccount" -> {
        String own = Json.text(subject, "namespace");
        yield "u:"
            + Users.SERVICE_ACCOUNT_PREFIX
            + (own.isEmpty() ? bindingNamespace : own)
            + ":"
            + name;
      }
      default -> "u:" + name;
    };
  }

  private static String describe(ObjectNode binding, JsonNode subject) {
    String namespace = Meta.namespace(binding);
    String kind = Json.text(subject, "kind");
    String who =
        kind.equals("ServiceAccount")
            ? kind
                + " \""
                + Json.text(subject, "name")
                + "/"
                + Json.text(subject, "namespace")
                + "\""
            : kind + " \"" + Json.text(subject, "name") + "\"";
    String what =
        namespace.isEmpty()
            ? "ClusterRoleBinding \"" + Meta.name(binding) + "\""
            : "RoleBinding \"" + Meta.name(binding) + "/" + namespace + "\"";
    return "RBAC: allowed by " + what + " of " + roleName(binding) + " to " + who;
  }

  private static String roleKey(ObjectNode binding) {
    String name = Json.text(binding, "roleRef", "name");
    return Json.text(binding, "roleRef", "kind").equals("Role")
        ? Meta.namespace(binding) + "/" + name
        : "/" + name;
  }

  private static String roleName(ObjectNode binding) {
    return Json.text(binding, "roleRef", "kind")
        + " \""
        + Json.text(binding, "roleRef", "name")
        + "\"";
  }

  /** The first grant whose role allows it, or null. */
  Grant find(Attributes wanted, Function<String, List<Rule>> roles) {
    User user = wanted.user();
    Grant found = find(bySubject.get("u:" + user.name()), wanted, roles);
    for (int i = 0; found == null && i < user.groups().size(); i++) {
      found = find(bySubject.get("g:" + user.groups().get(i)), wanted, roles);
    }
    return found;
  }

  private static Grant find(
      List<Grant> grants, Attributes wanted, Function<String, List<Rule>> roles) {
    if (grants == null) {
      return null;
    }
    for (Grant grant : grants) {
      for (Rule rule : roles.apply(grant.role())) {
        if (rule.allows(wanted)) {
          return grant;
        }
      }
    }
    return null;
  }

  /** The roles of a user. */
  List<Grant> of(User user) {
    List<Grant> all = new ArrayList<>(bySubject.getOrDefault("u:" + user.name(), List.of()));
    user.groups().forEach(g -> all.addAll(bySubject.getOrDefault("g:" + g, List.of())));
    return all;
  }
}
