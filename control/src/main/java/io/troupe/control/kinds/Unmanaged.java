package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;

/** No managed fields: apply is refused as long as there is nothing better. */
public final class Unmanaged implements Ownership {
  @Override
  public void own(Writer writer, ObjectNode live, ObjectNode next) {}

  @Override
  public ObjectNode apply(Writer writer, ObjectNode live, ObjectNode patch, boolean force) {
    throw new RefusedException(Refusal.notSupported("server-side apply"));
  }
}
