package io.troupe.control.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A type that a controller follows, and which keys a change of one of its objects touches. */
public record Input(Resource type, Mapping keys) {

  /** From a change to the keys that must be reconciled; quick, without IO. */
  @FunctionalInterface
  public interface Mapping {
    Collection<Key> keys(ObjectChange change, ClusterView view);
  }

  /** Each object is reconciled under its own name. */
  public static Input self(Resource type) {
    return new Input(type, (change, view) -> List.of(Key.of(change.object())));
  }

  /** Followed so that it can be read; its changes touch nothing. */
  public static Input readOnly(Resource type) {
    return new Input(type, (change, view) -> List.of());
  }

  /** Keys computed from the object before and after the change. */
  public static Input each(Resource type, Function<ObjectNode, Collection<Key>> keys) {
    return new Input(
        type,
        (change, view) -> {
          Set<Key> all = new LinkedHashSet<>();
          if (change.before() != null) {
            all.addAll(keys.apply(change.before()));
          }
          if (change.after() != null) {
            all.addAll(keys.apply(change.after()));
          }
          return all;
        });
  }

  /** The controlling owner of the given kind is reconciled. */
  public static Input controlledBy(Resource type, Resource owner) {
    return each(type, object -> ownerKeys(object, owner));
  }

  /** The key of the object's controller if that is of the given type. */
  public static List<Key> ownerKeys(ObjectNode object, Resource owner) {
    return Meta.controllerOf(object)
        .filter(ref -> Json.text(ref, "kind").equals(owner.kind()))
        .filter(ref -> groupOf(Json.text(ref, "apiVersion")).equals(owner.group()))
        .map(ref -> List.of(new Key(Meta.namespace(object), Json.text(ref, "name"))))
        .orElse(List.of());
  }

  private static String groupOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }
}
