package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A copy of a cluster that follows it by list and watch, for each type from its first use on. The
 * first call for a type waits until the objects of the type are known, since an empty answer would
 * be a false one; afterwards no call waits.
 */
public final class HttpClusterView implements ClusterView, AutoCloseable {
  private final KubeClient client;
  private final Function<Resource, ListOptions> scope;
  private final Backoff backoff;
  private final Map<Resource, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(TypeCache cache, Reflector reflector) {}

  /** Follows whole types. */
  public HttpClusterView(KubeClient client, Backoff backoff) {
    this(client, type -> ListOptions.ALL, backoff);
  }

  /**
   * Follows parts of types.
   *
   * @param scope the selectors under which a type is listed and watched, for example the pods of
   *     one node
   */
  public HttpClusterView(
      KubeClient client, Function<Resource, ListOptions> scope, Backoff backoff) {
    this.client = client;
    this.scope = scope;
    this.backoff = backoff;
  }

  @Override
  public Optional<ObjectNode> find(Resource type, String namespace, String name) {
    return filled(type).find(namespace, name);
  }

  @Override
  public List<ObjectNode> list(Resource type, String namespace) {
    return filled(type).list(namespace);
  }

  @Override
  public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
    return filled(type).ownedBy(namespace, ownerUid);
  }

  @Override
  public Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
    return filled(type).follow(onChange);
  }

  private TypeCache filled(Resource type) {
    TypeCache cache = entries.computeIfAbsent(type, this::begin).cache();
    try {
      cache.awaitFilled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before " + type.type() + " were known", e);
    }
    return cache;
  }

  private Entry begin(Resource type) {
    TypeCache cache = new TypeCache(type);
    Reflector reflector = new Reflector(client, type, scope.apply(type), backoff, cache);
    reflector.start();
    return new Entry(cache, reflector);
  }

  /** Stops following; the copy stays as it is. */
  @Override
  public void close() {
    entries.values().forEach(entry -> entry.reflector().close());
  }
}
