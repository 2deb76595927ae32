package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.scheduler.model.Selector;
import io.troupe.control.scheduler.queue.Effect;
import io.troupe.control.scheduler.queue.SchedulerCore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Follows everything that placement depends on, and tells the core of it. */
final class Changes {
  static final Resource STORAGE_CLASSES =
      new Resource("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);

  /** One change, to be applied by the core's thread. */
  @FunctionalInterface
  interface Change {
    List<Effect> apply(SchedulerCore core, long nowMillis);
  }

  private Changes() {}

  /** Begins to follow; pods come last, when all that they refer to is known. */
  static List<Subscription> follow(ClusterView view, Consumer<Change> sink) {
    List<Subscription> follows = new ArrayList<>();
    follows.add(view.follow(Resources.NAMESPACES, c -> sink.accept(namespace(c))));
    follows.add(view.follow(Resources.NODES, c -> sink.accept(node(c))));
    follows.add(view.follow(Resources.SERVICES, c -> sink.accept(service(c))));
    follows.add(view.follow(Resources.REPLICATION_CONTROLLERS, c -> sink.accept(owner(c, true))));
    follows.add(view.follow(Resources.REPLICA_SETS, c -> sink.accept(owner(c, false))));
    follows.add(view.follow(Resources.STATEFUL_SETS, c -> sink.accept(owner(c, false))));
    follows.add(view.follow(STORAGE_CLASSES, c -> sink.accept(storageClass(c))));
    follows.add(view.follow(Resources.PERSISTENT_VOLUMES, c -> sink.accept(volume(c))));
    follows.add(view.follow(Resources.PERSISTENT_VOLUME_CLAIMS, c -> sink.accept(claim(c))));
    follows.add(view.follow(Resources.POD_DISRUPTION_BUDGETS, c -> sink.accept(budget(c))));
    follows.add(view.follow(Resources.PODS, c -> sink.accept(pod(c))));
    return follows;
  }

  private static Change namespace(ClusterView.ObjectChange change) {
    return (core, now) -> {
      JsonNode after = change.after();
      core.snapshot()
          .namespace(Meta.name(change.object()), after == null ? null : Meta.labels(after));
      return List.of();
    };
  }

  private static Change node(ClusterView.ObjectChange change) {
    return (core, now) -> {
      core.nodeChanged(Meta.name(change.object()), change.after(), now);
      return List.of();
    };
  }

  private static Change pod(ClusterView.ObjectChange change) {
    return (core, now) -> {
      if (change.after() == null) {
        core.podRemoved(change.before(), now);
      } else {
        core.podChanged(change.after(), now);
      }
      return List.of();
    };
  }

  private static Change service(ClusterView.ObjectChange change) {
    return (core, now) -> {
      JsonNode selector =
          change.after() == null ? null : Json.at(change.after(), "spec", "selector");
      core.snapshot()
          .workloads()
          .service(
              Meta.namespace(change.object()),
              Meta.name(change.object()),
              selector == null || selector.isEmpty() ? null : Selector.ofLabels(selector));
      return List.of();
    };
  }

  private static Change owner(ClusterView.ObjectChange change, boolean isPlainMap) {
    return (core, now) -> {
      JsonNode selector =
          change.after() == null ? null : Json.at(change.after(), "spec", "selector");
      Selector compiled =
          selector == null
              ? null
              : isPlainMap ? Selector.ofLabels(selector) : Selector.of(selector);
      core.snapshot()
          .workloads()
          .owner(
              Meta.namespace(change.object()),
              change.type().kind(),
              Meta.name(change.object()),
              compiled);
      return List.of();
    };
  }

  private static Change storageClass(ClusterView.ObjectChange change) {
    return (core, now) -> {
      core.snapshot().volumes().storageClass(Meta.name(change.object()), change.after());
      return core.storageChanged(now);
    };
  }

  private static Change volume(ClusterView.ObjectChange change) {
    return (core, now) -> {
      core.snapshot().volumes().volume(Meta.name(change.object()), change.after());
      return core.storageChanged(now);
    };
  }

  private static Change claim(ClusterView.ObjectChange change) {
    return (core, now) -> {
      core.snapshot()
          .volumes()
          .claim(Meta.namespace(change.object()), Meta.name(change.object()), change.after());
      return core.storageChanged(now);
    };
  }

  private static Change budget(ClusterView.ObjectChange change) {
    return (core, now) -> {
      core.snapshot()
          .budgets()
          .set(Meta.namespace(change.object()), Meta.name(change.object()), change.after());
      return List.of();
    };
  }
}
