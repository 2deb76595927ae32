package io.troupe.control.apiserver.authorization;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;

/** The union of all authorizers: the first that allows decides. */
public final class Authorizer {
  private static final String MASTERS = "system:masters";

  private final Rbac rbac;
  private final NodeAuthorizer nodes;

  public Authorizer(Rbac rbac, NodeAuthorizer nodes) {
    this.rbac = rbac;
    this.nodes = nodes;
  }

  public boolean allows(Attributes a) {
    return a.user().groups().contains(MASTERS)
        || NodeAuthorizer.nodeOf(a.user()).filter(n -> nodeMay(n, a)).isPresent()
        || rbac.allows(a);
  }

  /** What the graph of references does not decide, the role {@code system:node} does. */
  private boolean nodeMay(String node, Attributes a) {
    return nodes.decides(a)
        ? nodes.allows(node, a)
        : rbac.roleRules(Resources.CLUSTER_ROLES, "", "system:node").stream()
            .anyMatch(r -> r.allows(a));
  }

  public Rbac rbac() {
    return rbac;
  }

  /**
   * Whether the user already has everything that a rule grants, in the namespace ("" for
   * cluster-wide).
   */
  public boolean holds(User user, String namespace, Rule rule) {
    return user.groups().contains(MASTERS)
        || rbac.anyRule(user, namespace, own -> own.covers(rule));
  }

  /** The 403 of upstream's words. */
  public static Refusal forbidden(Attributes a) {
    if (!a.isResource()) {
      String message =
          "forbidden: User \"%s\" cannot %s path \"%s\""
              .formatted(a.user().name(), a.verb(), a.path());
      return new Refusal(403, "Forbidden", message, "", "", "", java.util.List.of(), 0);
    }
    String where =
        a.namespace().isEmpty()
            ? " at the cluster scope"
            : " in the namespace \"" + a.namespace() + "\"";
    String why =
        "User \"%s\" cannot %s resource \"%s\" in API group \"%s\"%s"
            .formatted(a.user().name(), a.verb(), a.ruleResource(), a.group(), where);
    return Refusal.forbidden(
        new io.troupe.api.object.GroupResource(a.group(), a.resource()), a.name(), why);
  }
}
