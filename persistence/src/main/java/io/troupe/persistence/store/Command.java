package io.troupe.persistence.store;

import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;

/**
 * What an object is asked to do. Bodies are JSON bytes (the edge has decoded YAML and protobuf,
 * checked size and depth, and resolved {@code generateName}).
 */
public sealed interface Command {
  Request request();

  /** Create, refused when the object exists. */
  record CreateObject(Request request, byte[] body) implements Command {}

  /** Replace the object or its subresource ({@code status}, {@code scale}, …). */
  record ReplaceObject(Request request, byte[] body) implements Command {}

  /** Patch the object or its subresource; force is for apply conflicts. An apply may create. */
  record PatchObject(Request request, PatchType type, byte[] patch, boolean force)
      implements Command {}

  /** Delete: may remove the object, or only mark it (finalizers, grace period). */
  record DeleteObject(Request request, DeleteOptions options) implements Command {}

  /**
   * A posted subresource that changes the object: {@code binding}, {@code ephemeralcontainers},
   * {@code finalize} ….
   */
  record PostSubresource(Request request, byte[] body) implements Command {}
}
