package io.troupe.control.apiserver.authorization;

import io.troupe.control.apiserver.http.RequestInfo;
import io.troupe.persistence.store.Request.User;

/** What an authorizer is asked about; {@code resource} is "" for a path that is no resource. */
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

  /** Without a selector. */
  public Attributes(
      User user,
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name,
      String path) {
    this(user, verb, group, version, resource, subresource, namespace, name, path, "");
  }

  public static Attributes of(User user, RequestInfo info) {
    return new Attributes(
        user,
        info.verb(),
        info.group(),
        info.version(),
        info.resource(),
        info.subresource(),
        info.namespace(),
        info.name(),
        info.path(),
        info.fieldSelector());
  }

  /** The same wish with another verb. */
  public Attributes withVerb(String other) {
    return new Attributes(
        user, other, group, version, resource, subresource, namespace, name, path, fieldSelector);
  }

  boolean isResource() {
    return !resource.isEmpty();
  }

  String ruleResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
