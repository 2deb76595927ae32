package io.troupe.control.apiserver.authorization;

import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;

/** The union of all authorizers: the first that allows decides. */
public final class Authorizer {
  private static final String MASTERS = "system:masters";

  private final Rbac rbac;
  private final NodeAuthorizer nodes;

  /** Follows the view from now on. */
  public Authorizer(ClusterView view) {
    this.rbac = new Rbac(view);
    this.nodes =
        new NodeAuthorizer(view, () -> rbac.roleRules(Resources.CLUSTER_ROLES, "", "system:node"));
  }

  public boolean allows(Attributes a) {
    return verdict(a).allowed();
  }

  static boolean isMaster(User user) {
    return user.groups().contains(MASTERS);
  }

  /** Refuses with 403 what is not allowed. */
  public void require(Attributes a) {
    Verdict verdict = verdict(a);
    if (!verdict.allowed()) {
      throw new RefusedException(forbidden(a, verdict.reason()));
    }
  }

  private Verdict verdict(Attributes a) {
    if (isMaster(a.user())) {
      return Verdict.ALLOWED;
    }
    Verdict node =
        NodeAuthorizer.nodeOf(a.user())
            .map(name -> nodes.authorize(name, a))
            .orElse(Verdict.NO_OPINION);
    return node.allowed() || rbac.allows(a) ? Verdict.ALLOWED : node;
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
  static Refusal forbidden(Attributes a, String reason) {
    String suffix = reason.isEmpty() ? "" : ": " + reason;
    if (!a.isResource()) {
      String message =
          "forbidden: User \"%s\" cannot %s path \"%s\"%s"
              .formatted(a.user().name(), a.verb(), a.path(), suffix);
      return new Refusal(403, "Forbidden", message, "", "", "", java.util.List.of(), 0);
    }
    String where =
        a.namespace().isEmpty()
            ? " at the cluster scope"
            : " in the namespace \"" + a.namespace() + "\"";
    String why =
        "User \"%s\" cannot %s resource \"%s\" in API group \"%s\"%s"
            .formatted(a.user().name(), a.verb(), a.ruleResource(), a.group(), where + suffix);
    return Refusal.forbidden(
        new io.troupe.api.object.GroupResource(a.group(), a.resource()), a.name(), why);
  }
}
