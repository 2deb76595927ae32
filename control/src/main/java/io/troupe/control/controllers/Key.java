package io.troupe.control.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Meta;

/**
 * What a controller reconciles at a time: mostly the namespace ({@code ""} for cluster-scoped
 * types) and name of an object.
 */
public record Key(String namespace, String name) {

  public static Key of(JsonNode object) {
    return new Key(Meta.namespace(object), Meta.name(object));
  }

  /** What decides which share of the work the key belongs to. */
  public String shard() {
    return namespace.isEmpty() ? name : namespace;
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
