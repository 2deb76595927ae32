package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.store.Request;
import java.util.List;
import java.util.Optional;

/** What the REST verbs ask of the kinds' rules; wired to {@code control/kinds}. */
public interface KindRules {
  /** The object in the version of the kind; the same tree when that is how it is stored. */
  ObjectNode toRequested(Kind kind, ObjectNode stored);

  /** What a subresource shows of the object; empty when the kind has none of that name to show. */
  Optional<ObjectNode> view(ObjectKey key, ObjectNode object, Request request);

  /** A {@code Table} without list metadata. */
  ObjectNode table(Kind kind, List<ObjectNode> items, long nowMillis, String includeObject);

  /** The value of a selectable field; empty when the kind cannot be selected by that path. */
  Optional<String> field(Kind kind, String path, ObjectNode object);
}
