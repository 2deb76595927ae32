package io.troupe.api.kinds;

import io.troupe.api.object.GroupResource;
import java.util.Collection;
import java.util.Optional;

/** The kinds that a server has at one moment: built-in ones and, later, those of CRDs. */
public interface Kinds {
  /** By URL: group ({@code ""} for core), version, plural. */
  Optional<Kind> byPath(String group, String version, String plural);

  /** By body: apiVersion and kind. */
  Optional<Kind> byKind(String apiVersion, String kind);

  /** The kind in the version in which objects of the type are stored. */
  Optional<Kind> stored(GroupResource type);

  Collection<Kind> all();
}
