package io.troupe.control.controllers;

import io.troupe.api.object.Resource;

/**
 * Something that one controller alone writes.
 *
 * @param part which part of the type's objects, in words that a second owner would choose as well:
 *     {@code status}, {@code controlled by ReplicaSet}, {@code finalizer kubernetes}
 */
public record Output(Resource type, String part) {

  public static Output status(Resource type) {
    return new Output(type, "status");
  }

  /** Objects whose controller is of the given type, as wholes. */
  public static Output controlledBy(Resource type, Resource owner) {
    return new Output(type, "controlled by " + owner.kind());
  }

  @Override
  public String toString() {
    return type.type() + " (" + part + ")";
  }
}
