package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.kinds.Kind;
import io.troupe.api.kinds.Schema;
import java.util.List;

/**
 * What the pipeline needs of schema and patch code: all of it pure, on trees. Methods that can fail
 * throw {@link io.troupe.api.object.RefusedException}.
 */
public interface Trees {

  /**
   * What decoding found.
   *
   * @param unknown paths of fields that were removed
   * @param malformed why the body cannot be of this schema, or ""
   */
  record Decoded(List<String> unknown, String malformed) {}

  /**
   * Who writes what, for managed fields.
   *
   * @param kind in the version of the written tree
   * @param time RFC 3339
   * @param reset paths that this sort of write cannot change and so does not own
   */
  record Writer(Kind kind, String manager, String subresource, String time, List<String> reset) {}

  /** Removes unknown fields and nulls from the body and checks types. */
  Decoded decode(Schema schema, ObjectNode body);

  /** The patched tree; current is not changed. Not for apply. */
  ObjectNode patch(PatchType type, Schema schema, ObjectNode current, byte[] patch);

  /** Sets {@code metadata.managedFields} of next after a write that is not an apply. */
  void own(Writer writer, ObjectNode live, ObjectNode next);

  /**
   * Server-side apply: the merged tree with its managed fields.
   *
   * @param live an object with only name and namespace when it does not exist
   */
  ObjectNode apply(Writer writer, ObjectNode live, ObjectNode patch, boolean force);
}
