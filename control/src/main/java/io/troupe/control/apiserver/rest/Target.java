package io.troupe.control.apiserver.rest;

import io.troupe.api.kinds.Kind;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.ObjectKey;

/**
 * What a request addresses: the kind, and where.
 *
 * @param namespace "" for all, and for cluster-scoped kinds
 * @param name "" for a collection
 */
public record Target(Kind kind, String namespace, String name, String subresource) {

  /** The object's key; its own namespace is a Namespace's name and not where it lives. */
  public ObjectKey key() {
    return key(name);
  }

  ObjectKey key(String objectName) {
    return new ObjectKey(kind.stored(), namespace, objectName);
  }

  GroupResource type() {
    return kind.resource().type();
  }
}
