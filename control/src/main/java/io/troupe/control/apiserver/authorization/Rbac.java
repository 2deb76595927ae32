package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Role-based access control; follows roles and bindings, and answers from what it knows. */
public final class Rbac implements AutoCloseable {
  private static final List<Rule> NO_RULES = List.of();

  /** By {@code <namespace>/<name>}, with no namespace for cluster roles. */
  private final Map<String, List<Rule>> roles = new ConcurrentHashMap<>();

  /** By namespace, "" for the cluster; each map is only touched while it is locked. */
  private final Map<String, Map<String, ObjectNode>> bindings = new ConcurrentHashMap<>();

  private final Map<String, Grants> grants = new ConcurrentHashMap<>();
  private final List<Subscription> subscriptions = new ArrayList<>();

  /** Knows everything that the view has when it returns. */
  public Rbac(ClusterView view) {
    subscriptions.add(view.follow(Resources.CLUSTER_ROLES, this::onRole));
    subscriptions.add(view.follow(Resources.ROLES, this::onRole));
    subscriptions.add(view.follow(Resources.CLUSTER_ROLE_BINDINGS, this::onBinding));
    subscriptions.add(view.follow(Resources.ROLE_BINDINGS, this::onBinding));
  }

  private void onRole(ObjectChange change) {
    String key = Meta.namespace(change.object()) + "/" + Meta.name(change.object());
    if (change.after() == null) {
      roles.remove(key);
    } else {
      roles.put(key, Json.items(change.after(), "rules").stream().map(Rule::of).toList());
    }
  }

  private void onBinding(ObjectChange change) {
    String namespace = Meta.namespace(change.object());
    Map<String, ObjectNode> scope =
        bindings.computeIfAbsent(namespace, n -> new LinkedHashMap<>());
    synchronized (scope) {
      if (change.after() == null) {
        scope.remove(Meta.name(change.object()));
      } else {
        scope.put(Meta.name(change.object()), change.after());
      }
      grants.put(namespace, Grants.of(scope.values()));
    }
  }

  Verdict authorize(Attributes wanted) {
    Grants.Grant grant = grants("").find(wanted, this::rules);
    if (grant == null && !wanted.namespace().isEmpty()) {
      grant = grants(wanted.namespace()).find(wanted, this::rules);
    }
    return grant == null ? Verdict.NO_OPINION : Verdict.allow(grant.binding());
  }

  /** All rules of a user in a namespace. */
  public List<Rule> rulesFor(User user, String namespace) {
    List<Rule> rules = new ArrayList<>();
    grants("").of(user).forEach(g -> rules.addAll(rules(g.role())));
    if (!namespace.isEmpty()) {
      grants(namespace).of(user).forEach(g -> rules.addAll(rules(g.role())));
    }
    return rules;
  }

  private Grants grants(String namespace) {
    return grants.getOrDefault(namespace, Grants.NONE);
  }

  private List<Rule> rules(String role) {
    return roles.getOrDefault(role, NO_RULES);
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
