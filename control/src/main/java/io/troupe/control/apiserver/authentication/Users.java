package io.troupe.control.apiserver.authentication;

import io.troupe.persistence.store.Request.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Users and groups that Kubernetes knows by name. */
public final class Users {
  public static final String ANONYMOUS = "system:anonymous";
  public static final String ALL_AUTHENTICATED = "system:authenticated";
  public static final String ALL_UNAUTHENTICATED = "system:unauthenticated";
  public static final String MASTERS = "system:masters";
  public static final String NODES = "system:nodes";
  public static final String NODE_PREFIX = "system:node:";
  public static final String SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";
  public static final String SERVICE_ACCOUNTS = "system:serviceaccounts";

  public static final User NOBODY =
      new User(ANONYMOUS, "", List.of(ALL_UNAUTHENTICATED), Map.of(), "");

  private Users() {}

  /** A user who proved a name: member of system:authenticated too. */
  static User authenticated(
      String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    List<String> all = new ArrayList<>(groups);
    if (!all.contains(ALL_AUTHENTICATED)) {
      all.add(ALL_AUTHENTICATED);
    }
    return new User(name, uid, all, extra, "");
  }

  /** The groups of a service account, as its tokens carry them. */
  public static List<String> serviceAccountGroups(String namespace) {
    return List.of(SERVICE_ACCOUNTS, SERVICE_ACCOUNTS + ":" + namespace);
  }

  /** One of the cluster's own components, for example system:kube-scheduler. */
  public static User component(String name) {
    if (name.startsWith(SERVICE_ACCOUNT_PREFIX)) {
      String namespace = name.split(":", 4)[2];
      return authenticated(name, "", serviceAccountGroups(namespace), Map.of());
    }
    return authenticated(name, "", List.of(), Map.of());
  }
}
