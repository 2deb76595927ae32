package io.troupe.control.apiserver.authorization;

import io.troupe.api.client.ClusterView;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Refusal;
import io.troupe.control.apiserver.authentication.Users;
import io.troupe.persistence.store.Request.User;
import java.util.List;

/** The chain: system:masters, Node, RBAC. Safe for any thread, and does not block. */
public final class Authorizer implements AutoCloseable {
  private static final Verdict MASTER = Verdict.allow("");

  private final NodeAuthorizer nodes;
  private final Rbac rbac;

  /** Follows the view from now on. */
  public Authorizer(ClusterView view) {
    nodes = new NodeAuthorizer(view);
    rbac = new Rbac(view);
  }

  public Verdict authorize(Attributes wanted) {
    User user = wanted.user();
    if (user.groups().contains(Users.MASTERS)) {
      return MASTER;
    }
    String reason = "";
    var node = NodeAuthorizer.nodeOf(user);
    if (node.isPresent()) {
      Verdict verdict = nodes.authorize(node.get(), wanted);
      if (verdict.allowed()) {
        return verdict;
      }
      reason = verdict.reason();
    }
    Verdict verdict = rbac.authorize(wanted);
    return verdict.allowed() ? verdict : Verdict.noOpinion(reason);
  }

  public List<Rule> rulesFor(User user, String namespace) {
    return rbac.rulesFor(user, namespace);
  }

  /** The refusal of something that was not allowed, in upstream's words. */
  public static Refusal refusal(Attributes wanted, String reason) {
    if (!wanted.isResource()) {
      String message =
          "User \""
              + wanted.user().name()
              + "\" cannot "
              + wanted.verb()
              + " path \""
              + wanted.path()
              + "\""
              + suffix(reason);
      return new Refusal(
          403, "Forbidden", "forbidden: " + message, "", "", "", List.of(), 0);
    }
    StringBuilder why = new StringBuilder("User \"").append(wanted.user().name());
    why.append("\" cannot ").append(wanted.verb()).append(" resource \"");
    why.append(wanted.resourcePath()).append("\" in API group \"").append(wanted.group());
    if (wanted.namespace().isEmpty()) {
      why.append("\" at the cluster scope");
    } else {
      why.append("\" in the namespace \"").append(wanted.namespace()).append('"');
    }
    GroupResource type = new GroupResource(wanted.group(), wanted.resource());
    return Refusal.forbidden(type, wanted.name(), why.append(suffix(reason)).toString());
  }

  private static String suffix(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }

  @Override
  public void close() {
    nodes.close();
    rbac.close();
  }
}
