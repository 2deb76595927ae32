package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Roles and bindings, indexed by subject, so that a decision looks only at what was bound to the
 * user.
 */
public final class Rbac {

  /**
   * A binding as seen from a subject: where it holds ("" for everywhere) and which role it names.
   */
  private record Grant(String bindingKey, String namespace, boolean clusterRole, String role) {}

  private final Map<String, List<Rule>> clusterRoles = new ConcurrentHashMap<>();
  private final Map<String, List<Rule>> roles = new ConcurrentHashMap<>();
  private final Map<String, Set<Grant>> grants = new ConcurrentHashMap<>();

  /** Follows the four kinds; ready when the constructor returns. */
  public Rbac(ClusterView view) {
    view.follow(Resources.CLUSTER_ROLES, c -> onRole(c, clusterRoles));
    view.follow(Resources.ROLES, c -> onRole(c, roles));
    view.follow(Resources.CLUSTER_ROLE_BINDINGS, this::onBinding);
    view.follow(Resources.ROLE_BINDINGS, this::onBinding);
  }

  private static void onRole(ObjectChange change, Map<String, List<Rule>> index) {
    String key = key(change.object());
    if (change.after() == null) {
      index.remove(key);
    } else {
      index.put(key, Json.items(change.after(), "rules").stream().map(Rule::of).toList());
    }
  }

  private static String key(ObjectNode object) {
    return Meta.namespace(object) + "/" + Meta.name(object);
  }

  private void onBinding(ObjectChange change) {
    if (change.before() != null) {
      subjects(change.before())
          .forEach(s -> grants.getOrDefault(s, Set.of()).remove(grant(change.before())));
    }
    if (change.after() != null) {
      Grant grant = grant(change.after());
      subjects(change.after())
          .forEach(s -> grants.computeIfAbsent(s, k -> ConcurrentHashMap.newKeySet()).add(grant));
    }
  }

  private static Grant grant(ObjectNode binding) {
    boolean cluster = Json.text(binding, "roleRef", "kind").equals("ClusterRole");
    String namespace = Meta.namespace(binding);
    String role = Json.text(binding, "roleRef", "name");
    return new Grant(key(binding), namespace, cluster, (cluster ? "" : namespace) + "/" + role);
  }

  private static List<String> subjects(ObjectNode binding) {
    List<String> subjects = new ArrayList<>();
    for (JsonNode subject : Json.items(binding, "subjects")) {
      String name = Json.text(subject, "name");
      String namespace = Json.text(subject, "namespace");
      switch (Json.text(subject, "kind")) {
        case "User" -> subjects.add("u:" + name);
        case "Group" -> subjects.add("g:" + name);
        case "ServiceAccount" ->
            subjects.add(
                "u:system:serviceaccount:"
                    + (namespace.isEmpty() ? Meta.namespace(binding) : namespace)
                    + ":"
                    + name);
        default -> {}
      }
    }
    return subjects;
  }

  boolean allows(Attributes a) {
    return anyRule(a.user(), a.namespace(), rule -> rule.allows(a));
  }

  /**
   * Whether one of the rules that the user has in a namespace (and cluster-wide) passes the test.
   */
  boolean anyRule(User user, String namespace, Predicate<Rule> test) {
    if (anyRule("u:" + user.name(), namespace, test)) {
      return true;
    }
    for (String group : user.groups()) {
      if (anyRule("g:" + group, namespace, test)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyRule(String subject, String namespace, Predicate<Rule> test) {
    for (Grant grant : grants.getOrDefault(subject, Set.of())) {
      if (grant.namespace().isEmpty() || grant.namespace().equals(namespace)) {
        Map<String, List<Rule>> index = grant.clusterRole() ? clusterRoles : roles;
        for (Rule rule : index.getOrDefault(grant.role(), List.of())) {
          if (test.test(rule)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** All rules that the user has in the namespace, cluster-wide ones included. */
  public List<Rule> rules(User user, String namespace) {
    List<Rule> found = new ArrayList<>();
    anyRule(user, namespace, rule -> !found.add(rule));
    return found;
  }

  /** The rules of a role; empty when it does not exist. */
  public List<Rule> roleRules(Resource type, String namespace, String name) {
    boolean cluster = type.equals(Resources.CLUSTER_ROLES);
    return (cluster ? clusterRoles : roles)
        .getOrDefault((cluster ? "" : namespace) + "/" + name, List.of());
  }
}
