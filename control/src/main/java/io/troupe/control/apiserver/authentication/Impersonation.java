package io.troupe.control.apiserver.authentication;

import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.authorization.Attributes;
import io.troupe.control.apiserver.authorization.Authorizer;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.authorization.Verdict;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Request.User;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code Impersonate-*} headers: acting as somebody else, each part by permission. */
public final class Impersonation {
  private static final String USER = "impersonate-user";
  private static final String GROUP = "impersonate-group";
  private static final String UID = "impersonate-uid";
  private static final String EXTRA = "impersonate-extra-";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  private final Authorizer authorizer;

  public Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /** The user that the request acts as, which is mostly the given one. */
  public User apply(User real, Exchange exchange) {
    MultiMap headers = exchange.request().headers();
    String name = headers.get(USER);
    List<String> groups = headers.getAll(GROUP);
    Map<String, List<String>> extra = extra(headers);
    String uid = headers.get(UID);
    if (name == null || name.isEmpty()) {
      if (!groups.isEmpty() || !extra.isEmpty() || uid != null) {
        throw new RefusedException(
            Refusal.internal(
                "requested "
                    + groups
                    + " without impersonating a user"));
      }
      return real;
    }
    check(real, name, groups, extra, uid);
    return new User(
        name,
        uid == null ? "" : uid,
        withDefaultGroups(name, groups),
        extra,
        real.name());
  }

  private void check(
      User real, String name, List<String> groups, Map<String, List<String>> extra, String uid) {
    if (name.startsWith(Users.SERVICE_ACCOUNT_PREFIX) && name.split(":").length == 4) {
      String[] parts = name.split(":");
      require(real, "", "serviceaccounts", "", parts[2], parts[3]);
    } else {
      require(real, "", "users", "", "", name);
    }
    groups.forEach(group -> require(real, "", "groups", "", "", group));
    extra.forEach(
        (key, values) ->
            values.forEach(v -> require(real, AUTHENTICATION, "userextras", key, "", v)));
    if (uid != null) {
      require(real, AUTHENTICATION, "uids", "", "", uid);
    }
  }

  private void require(
      User real, String group, String resource, String subresource, String namespace, String name) {
    Attributes wanted =
        Attributes.resource(real, "impersonate", group, resource, subresource, namespace, name);
    Verdict verdict = authorizer.authorize(wanted);
    if (!verdict.allowed()) {
      throw new RefusedException(Authorizer.refusal(wanted, verdict.reason()));
    }
  }

  private static List<String> withDefaultGroups(String name, List<String> groups) {
    List<String> all = new ArrayList<>(groups);
    if (groups.isEmpty() && name.startsWith(Users.SERVICE_ACCOUNT_PREFIX)) {
      all.addAll(Users.serviceAccountGroups(name.split(":", 4)[2]));
    }
    String usual =
        name.equals(Users.ANONYMOUS) ? Users.ALL_UNAUTHENTICATED : Users.ALL_AUTHENTICATED;
    if (!all.contains(usual) && !all.contains(Users.ALL_UNAUTHENTICATED)) {
      all.add(usual);
    }
    return all;
  }

  private static Map<String, List<String>> extra(MultiMap headers) {
    Map<String, List<String>> extra = new HashMap<>();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(EXTRA)) {
        String key =
            URLDecoder.decode(name.substring(EXTRA.length()), StandardCharsets.UTF_8);
        extra.computeIfAbsent(key, k -> new ArrayList<>()).add(header.getValue());
      }
    }
    return extra;
  }
}
