package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;

/** Managed fields and server-side apply, as the pipeline needs them; pure. */
public interface Ownership {

  /**
   * Who writes.
   *
   * @param kind in the version of the written tree
   * @param time RFC 3339
   */
  record Writer(Kind kind, String manager, String subresource, String time) {}

  /**
   * Sets {@code metadata.managedFields} of next after a write that is no apply; live may be null.
   */
  void own(Writer writer, ObjectNode live, ObjectNode next);

  /** The merged tree with its managed fields; live is null when the object does not exist. */
  ObjectNode apply(Writer writer, ObjectNode live, ObjectNode patch, boolean force);
}
