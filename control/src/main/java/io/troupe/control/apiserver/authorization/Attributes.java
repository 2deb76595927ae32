package io.troupe.control.apiserver.authorization;

import io.troupe.control.apiserver.http.RequestInfo;
import io.troupe.persistence.store.Request.User;

/**
 * What somebody wants to do.
 *
 * @param resource plural, or "" when the request is about a path
 * @param path of a request that is not about a resource
 * @param fieldSelector as text, or ""
 */
public record Attributes(
    User user,
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path,
    String fieldSelector) {

  public static Attributes of(User user, RequestInfo info) {
    return info.resourceRequest()
        ? new Attributes(
            user,
            info.verb(),
            info.group(),
            info.version(),
            info.resource(),
            info.subresource(),
            info.namespace(),
            info.name(),
            "",
            info.fieldSelector())
        : path(user, info.verb(), info.path());
  }

  /** A request about a resource, without version and selectors. */
  public static Attributes resource(
      User user,
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    return new Attributes(
        user, verb, group, "*", resource, subresource, namespace, name, "", "");
  }

  public static Attributes path(User user, String verb, String path) {
    return new Attributes(user, verb, "", "", "", "", "", "", path, "");
  }

  public boolean isResource() {
    return !resource.isEmpty();
  }

  public String resourcePath() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
