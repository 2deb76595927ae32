package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Quoted;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Nobody grants what they do not have themselves (pkg/registry/rbac): asked about roles and
 * bindings before they are written. Rights count as they are at this moment.
 */
public final class Escalation {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final Set<String> ROLES = Set.of("roles", "clusterroles");
  private static final Set<String> BINDINGS = Set.of("rolebindings", "clusterrolebindings");
  private static final List<Rule> EVERYTHING =
      List.of(
          new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
          new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));

  private final Authorizer authorizer;
  private final ClusterView view;

  public Escalation(Authorizer authorizer, ClusterView view) {
    this.authorizer = authorizer;
    this.view = view;
  }

  /** Whether a write of such an object by this user has to be looked at. */
  public boolean concerns(GroupResource type, User user) {
    return type.group().equals(GROUP)
        && (ROLES.contains(type.resource()) || BINDINGS.contains(type.resource()))
        && !Authorizer.isMaster(user);
  }

  /**
   * Why the user may not make this object of that one.
   *
   * @param before null for a new object
   */
  public Optional<Refusal> problem(User user, ObjectKey key, ObjectNode before, ObjectNode after) {
    if (before != null && JsonEquality.same(essence(before), essence(after))) {
      return Optional.empty();
    }
    return ROLES.contains(key.type().resource())
        ? role(user, key, before, after)
        : binding(user, key, after);
  }

  /** The object without what the garbage collector may change. */
  private static ObjectNode essence(ObjectNode object) {
    ObjectNode essence = object.deepCopy();
    Json.ensure(essence, "metadata")
        .remove(
            List.of(
                "ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation"));
    return essence;
  }

  private Optional<Refusal> role(User user, ObjectKey key, ObjectNode before, ObjectNode after) {
    if (authorizer.allows(wish(user, "escalate", key, key.namespace(), key.name()))) {
      return Optional.empty();
    }
    List<Rule> rules = Json.items(after, "rules").stream().map(Rule::of).toList();
    Optional<Refusal> missing = missing(user, key, rules);
    boolean gathers = gathers(after) || (before != null && gathers(before));
    if (missing.isEmpty() && gathers && missing(user, key, EVERYTHING).isPresent()) {
      return Optional.of(
          Refusal.forbidden(
              key.type(),
              key.name(),
              "must have cluster-admin privileges to use the aggregationRule"));
    }
    return missing;
  }

  private static boolean gathers(ObjectNode role) {
    return !Json.items(role, "aggregationRule", "clusterRoleSelectors").isEmpty();
  }

  private Optional<Refusal> binding(User user, ObjectKey key, ObjectNode after) {
    JsonNode reference = Json.at(after, "roleRef");
    String name = Json.text(reference, "name");
    Resource type =
        Json.text(reference, "kind").equals("Role") ? Resources.ROLES : Resources.CLUSTER_ROLES;
    ObjectKey role = type.key(key.namespace(), name);
    if (authorizer.allows(wish(user, "bind", role, key.namespace(), name))) {
      return Optional.empty();
    }
    Optional<ObjectNode> found = view.find(type, role.namespace(), name);
    if (found.isEmpty()) {
      return Optional.of(Refusal.notFound(role.type(), name));
    }
    return missing(user, key, Json.items(found.get(), "rules").stream().map(Rule::of).toList());
  }

  private static Attributes wish(
      User user, String verb, ObjectKey key, String namespace, String name) {
    return new Attributes(user, verb, GROUP, "*", key.type().resource(), "", namespace, name, "");
  }

  /** A refusal that lists what the user does not have of the rules. */
  private Optional<Refusal> missing(User user, ObjectKey key, List<Rule> rules) {
    Set<String> missing = new TreeSet<>();
    for (Rule rule : rules) {
      for (Rule single : singles(rule)) {
        if (!authorizer.holds(user, key.namespace(), single)) {
          missing.add(text(single));
        }
      }
    }
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String why =
        "user "
            + Quoted.quote(user.name())
            + " (groups="
            + list(user.groups())
            + ") is attempting to grant RBAC permissions not currently held:\n"
            + String.join("\n", missing);
    return Optional.of(Refusal.forbidden(key.type(), key.name(), why));
  }

  /** A rule as single permissions: one verb on one resource of one group. */
  private static List<Rule> singles(Rule rule) {
    List<Rule> singles = new ArrayList<>();
    for (String verb : rule.verbs()) {
      List<String> one = List.of(verb);
      for (String path : rule.paths()) {
        singles.add(new Rule(one, List.of(), List.of(), List.of(), List.of(path)));
      }
      for (String group : rule.groups()) {
        for (String resource : rule.resources()) {
          addNamed(singles, one, List.of(group), List.of(resource), rule.names());
        }
      }
    }
    return singles;
  }

  private static void addNamed(
      List<Rule> to,
      List<String> verb,
      List<String> group,
      List<String> resource,
      List<String> names) {
    if (names.isEmpty()) {
      to.add(new Rule(verb, group, resource, List.of(), List.of()));
    }
    names.forEach(name -> to.add(new Rule(verb, group, resource, List.of(name), List.of())));
  }

  private static String text(Rule rule) {
    List<String> parts = new ArrayList<>();
    add(parts, "APIGroups", rule.groups());
    add(parts, "Resources", rule.resources());
    add(parts, "NonResourceURLs", rule.paths());
    add(parts, "ResourceNames", rule.names());
    add(parts, "Verbs", rule.verbs());
    return "{" + String.join(", ", parts) + "}";
  }

  private static void add(List<String> parts, String name, List<String> values) {
    if (!values.isEmpty()) {
      parts.add(name + ":" + list(values));
    }
  }

  private static String list(List<String> values) {
    return "[" + String.join(" ", values.stream().map(Quoted::quote).toList()) + "]";
  }
}
