package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Objects that containers are configured from; reading may block and may be refused. */
public interface Sources {
  /** A config map of the namespace, or empty when there is none. */
  Optional<ObjectNode> configMap(String namespace, String name);

  Optional<ObjectNode> secret(String namespace, String name);

  /** All services that are known. */
  List<? extends JsonNode> services();
}
