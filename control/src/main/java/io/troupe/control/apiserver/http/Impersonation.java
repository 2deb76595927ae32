package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.authorization.Attributes;
import io.troupe.control.apiserver.authorization.Authorizer;
import io.troupe.persistence.store.Request.User;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code Impersonate-*} headers: each part of the wanted identity needs the right to impersonate
 * it.
 */
final class Impersonation {
  private static final String EXTRA = "impersonate-extra-";
  private static final String ACCOUNT = "system:serviceaccount:";

  private final Authorizer authorizer;

  Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  User apply(User user, MultiMap headers) {
    String name = headers.get("Impersonate-User");
    if (name == null) {
      boolean others = headers.contains("Impersonate-Group") || headers.contains("Impersonate-Uid");
      if (others) {
        throw new RefusedException(
            Refusal.badRequest("requested impersonation without impersonating a user"));
      }
      return user;
    }
    List<String> groups = new ArrayList<>(headers.getAll("Impersonate-Group"));
    String uid = headers.get("Impersonate-Uid") == null ? "" : headers.get("Impersonate-Uid");
    Map<String, List<String>> extra = extra(headers);
    checkUser(user, name);
    groups.forEach(g -> check(user, "", "groups", "", "", g));
    if (!uid.isEmpty()) {
      check(user, "authentication.k8s.io", "uids", "", "", uid);
    }
    extra.forEach(
        (key, values) ->
            values.forEach(v -> check(user, "authentication.k8s.io", "userextras", key, "", v)));
    completeGroups(name, groups);
    return new User(name, uid, groups, extra, user.name());
  }

  private void checkUser(User user, String name) {
    String[] parts =
        name.startsWith(ACCOUNT) ? name.substring(ACCOUNT.length()).split(":", 2) : new String[0];
    if (parts.length == 2) {
      check(user, "", "serviceaccounts", "", parts[0], parts[1]);
    } else {
      check(user, "", "users", "", "", name);
    }
  }

  private void check(
      User user, String group, String resource, String subresource, String namespace, String name) {
    Attributes wanted =
        new Attributes(
            user, "impersonate", group, "v1", resource, subresource, namespace, name, "");
    authorizer.require(wanted);
  }

  private static void completeGroups(String name, List<String> groups) {
    if (name.startsWith(ACCOUNT) && groups.isEmpty()) {
      groups.add("system:serviceaccounts");
      groups.add("system:serviceaccounts:" + name.substring(ACCOUNT.length()).split(":", 2)[0]);
    }
    if (name.equals("system:anonymous")) {
      if (!groups.contains("system:unauthenticated")) {
        groups.add("system:unauthenticated");
      }
    } else if (!groups.contains("system:authenticated")
        && !groups.contains("system:unauthenticated")) {
      groups.add("system:authenticated");
    }
  }

  private static Map<String, List<String>> extra(MultiMap headers) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (String header : headers.names()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith(EXTRA)) {
        String key = URLDecoder.decode(lower.substring(EXTRA.length()), StandardCharsets.UTF_8);
        extra.put(key, List.copyOf(headers.getAll(header)));
      }
    }
    return extra;
  }
}
