package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.node.kubelet.container.Sources;
import java.util.List;
import java.util.Optional;

/**
 * Config maps and secrets one by one, as the Node authorizer allows them; services from the view.
 */
public final class ApiSources implements Sources {
  private final KubeClient client;
  private final ClusterView view;

  public ApiSources(KubeClient client, ClusterView view) {
    this.client = client;
    this.view = view;
  }

  @Override
  public Optional<ObjectNode> configMap(String namespace, String name) {
    return get(Resources.CONFIG_MAPS, namespace, name);
  }

  @Override
  public Optional<ObjectNode> secret(String namespace, String name) {
    return get(Resources.SECRETS, namespace, name);
  }

  private Optional<ObjectNode> get(Resource type, String namespace, String name) {
    try {
      return Optional.of(client.get(type, namespace, name));
    } catch (RefusedException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<? extends JsonNode> services() {
    return view.list(Resources.SERVICES, "");
  }
}
