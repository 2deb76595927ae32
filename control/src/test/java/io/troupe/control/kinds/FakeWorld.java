package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A cluster that holds what a test puts there. */
final class FakeWorld implements ClusterView {
  private final Map<String, List<ObjectNode>> objects = new HashMap<>();

  /** With namespace {@code shop} and its default service account. */
  static FakeWorld withShop() {
    return new FakeWorld()
        .with(Resources.NAMESPACES, "{'metadata':{'name':'shop'}}")
        .with(Resources.SERVICE_ACCOUNTS, "{'metadata':{'namespace':'shop','name':'default'}}");
  }

  FakeWorld with(Resource type, String json) {
    objects
        .computeIfAbsent(type.plural(), k -> new ArrayList<>())
        .add(Json.parse(json.replace('\'', '"')));
    return this;
  }

  @Override
  public Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return list(type, namespace).stream().filter(o -> Meta.name(o).equals(name)).findFirst();
  }

  @Override
  public List<ObjectNode> list(Resource type, String namespace) {
    return objects.getOrDefault(type.plural(), List.of()).stream()
        .filter(o -> namespace.isEmpty() || Meta.namespace(o).equals(namespace))
        .toList();
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    throw new UnsupportedOperationException();
  }
}
