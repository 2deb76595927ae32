package io.troupe.api.object;

/**
 * Which object: its stored resource type, namespace ({@code ""} for cluster-scoped ones) and name.
 *
 * <p>The text form {@code deployments.apps|shop|web} is the sharding entity id and the journal's
 * persistence id; no part can contain the separator, since names and namespaces are DNS-like and
 * path segments never hold a bar.
 */
public record ObjectKey(GroupResource type, String namespace, String name) {

  public static ObjectKey parse(String text) {
    int first = text.indexOf('|');
    int second = text.indexOf('|', first + 1);
    if (first < 0 || second < 0) {
      throw new IllegalArgumentException("not an object key: " + text);
    }
    return new ObjectKey(
        GroupResource.parse(text.substring(0, first)),
        text.substring(first + 1, second),
        text.substring(second + 1));
  }

  @Override
  public String toString() {
    return type + "|" + namespace + "|" + name;
  }
}
