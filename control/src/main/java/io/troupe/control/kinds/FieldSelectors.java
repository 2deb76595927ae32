package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Which fields of a kind can be selected, and their values. */
public final class FieldSelectors {
  private final Strategies strategies;

  public FieldSelectors(Strategies strategies) {
    this.strategies = strategies;
  }

  /**
   * Reads a field of an object; the function may be kept and used for many objects of the kind.
   *
   * @throws RefusedException 400 when the kind does not support the field
   */
  public Function<JsonNode, String> reader(Kind kind, String path) {
    if (path.equals("metadata.name")) {
      return Meta::name;
    }
    if (path.equals("metadata.namespace") && kind.resource().namespaced()) {
      return Meta::namespace;
    }
    Function<JsonNode, String> reader = strategies.of(kind).selectable().get(path);
    if (reader == null) {
      throw new RefusedException(Refusal.badRequest("field label not supported: " + path));
    }
    return reader;
  }

  /** The value of a field of one object. */
  public String value(Kind kind, JsonNode object, String path) {
    return reader(kind, path).apply(object);
  }

  /** All paths that the kind supports, sorted. */
  public Set<String> supported(Kind kind) {
    Set<String> paths = new TreeSet<>(strategies.of(kind).selectable().keySet());
    paths.add("metadata.name");
    if (kind.resource().namespaced()) {
      paths.add("metadata.namespace");
    }
    return paths;
  }
}
