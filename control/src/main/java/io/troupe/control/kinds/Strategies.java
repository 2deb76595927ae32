package io.troupe.control.kinds;

import io.troupe.api.kinds.Kind;
import io.troupe.control.kinds.apps.AppsKinds;
import io.troupe.control.kinds.batch.BatchKinds;
import io.troupe.control.kinds.cluster.ClusterKinds;
import io.troupe.control.kinds.core.CoreKinds;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.net.NetKinds;
import io.troupe.control.kinds.pod.PodKinds;
import io.troupe.control.kinds.policy.PolicyKinds;
import io.troupe.control.kinds.rbac.RbacKinds;
import io.troupe.control.kinds.storage.StorageKinds;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The table of kinds: what is special about each. Safe for any number of threads. */
public final class Strategies {
  private final Map<String, Strategy> special = new HashMap<>();
  private final Map<String, Strategy> generic = new ConcurrentHashMap<>();

  public Strategies(List<Strategy> strategies) {
    strategies.forEach(s -> special.put(s.kind() + "." + s.group(), s));
  }

  /** Those of all built-in kinds. */
  public static Strategies builtIn() {
    return new Strategies(
        Stream.of(
                PodKinds.all(),
                AppsKinds.all(),
                BatchKinds.all(),
                CoreKinds.all(),
                NetKinds.all(),
                StorageKinds.all(),
                RbacKinds.all(),
                PolicyKinds.all(),
                ClusterKinds.all())
            .flatMap(List::stream)
            .toList());
  }

  /** The strategy of a kind in any version; a generic one when nothing is special about it. */
  public Strategy of(Kind kind) {
    String key = kind.resource().kind() + "." + kind.resource().group();
    Strategy found = special.get(key);
    return found != null ? found : generic.computeIfAbsent(key, k -> customResource(kind));
  }

  /** Custom resources count every change outside metadata and status. */
  private static Strategy customResource(Kind kind) {
    return Strategy.of(kind.resource().group(), kind.resource().kind())
        .generation(
            (a, b) -> {
              var left = a.deepCopy().without(List.of("metadata", "status"));
              var right = b.deepCopy().without(List.of("metadata", "status"));
              return !Same.equal(left, right);
            })
        .build();
  }
}
