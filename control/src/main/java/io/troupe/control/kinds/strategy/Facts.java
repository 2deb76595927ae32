package io.troupe.control.kinds.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * What one decision may know besides the objects: who asks for what, and the rest of the cluster.
 *
 * @param kind in the version of the request
 * @param warnings filled while deciding, sent as {@code Warning} headers
 */
public record Facts(
    Kind kind, ObjectKey key, Request request, ClusterView world, List<String> warnings) {

  public Facts(Kind kind, ObjectKey key, Request request, ClusterView world) {
    this(kind, key, request, world, new ArrayList<>(0));
  }

  public String subresource() {
    return request.subresource();
  }

  /** The wall clock as the API writes it, whole seconds. */
  public String now() {
    return Times.rfc3339(request.timeMillis());
  }

  public void warn(String text) {
    warnings.add(text);
  }

  /** A namespaced object's namespace, read from the world; null when it is not known. */
  public ObjectNode namespace() {
    return world.find(Resources.NAMESPACES, "", key.namespace()).orElse(null);
  }
}
