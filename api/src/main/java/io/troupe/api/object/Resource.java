package io.troupe.api.object;

/**
 * A resource type as a client addresses it: group, version, plural, with the kind of its objects.
 *
 * @param plural the path segment, for example {@code deployments}
 * @param kind the kind in bodies, for example {@code Deployment}
 */
public record Resource(
    String group, String version, String plural, String kind, boolean namespaced) {

  public GroupResource type() {
    return new GroupResource(group, plural);
  }

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The URL path of the collection, cluster-wide when the namespace is empty. */
  public String path(String namespace) {
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    return namespace.isEmpty()
        ? root + "/" + plural
        : root + "/namespaces/" + namespace + "/" + plural;
  }

  public ObjectKey key(String namespace, String name) {
    return new ObjectKey(type(), namespaced ? namespace : "", name);
  }
}
