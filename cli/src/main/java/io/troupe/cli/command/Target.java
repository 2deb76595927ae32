package io.troupe.cli.command;

import io.troupe.api.object.Resource;
import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;

/**
 * What a command is about: a type, and one object of it unless the name is "".
 *
 * @param namespace "" for all, and for types without one
 */
record Target(Resource type, String namespace, String name) {

  /** Reads {@code kind/name}. */
  static Target object(Cluster cluster, String text, String namespace) throws StartFailure {
    if (text.indexOf('/') < 0) {
      throw new StartFailure("\"" + text + "\" names no object: write kind/name, for example deploy/web");
    }
    return of(cluster, text, namespace, false);
  }

  /** Reads {@code kind} or {@code kind/name}; short names and kinds as kubectl takes them. */
  static Target of(Cluster cluster, String text, String namespace, boolean everywhere) throws StartFailure {
    int slash = text.indexOf('/');
    String word = slash < 0 ? text : text.substring(0, slash);
    Resource type =
        cluster
            .types()
            .find(word)
            .orElseThrow(() -> new StartFailure("the server doesn't have a resource type \"" + word + "\""));
    String where = namespace == null ? cluster.namespace() : namespace;
    return new Target(type, type.namespaced() && !everywhere ? where : "", slash < 0 ? "" : text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return type.type() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
