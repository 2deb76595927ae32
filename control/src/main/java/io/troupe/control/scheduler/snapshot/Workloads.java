package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.Owner;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.Requirement;
import io.troupe.control.scheduler.model.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Selectors of Services and of pods' owners, from which the default spread is deduced. */
public final class Workloads {
  private final Map<String, Map<String, Selector>> services = new HashMap<>();
  private final Map<String, Selector> owners = new HashMap<>();
  private long version;

  public long version() {
    return version;
  }

  /** A Service's selector, null when it is gone or selects nothing. */
  public void service(String namespace, String name, Selector selector) {
    Map<String, Selector> here = services.computeIfAbsent(namespace, n -> new HashMap<>());
    Selector before = selector == null ? here.remove(name) : here.put(name, selector);
    version += java.util.Objects.equals(before, selector) ? 0 : 1;
  }

  /** The selector of a ReplicaSet, StatefulSet or ReplicationController, null when it is gone. */
  public void owner(String namespace, String kind, String name, Selector selector) {
    String key = key(namespace, kind, name);
    Selector before = selector == null ? owners.remove(key) : owners.put(key, selector);
    version += java.util.Objects.equals(before, selector) ? 0 : 1;
  }

  private static String key(String namespace, String kind, String name) {
    return namespace + "/" + kind + "/" + name;
  }

  /** What the pod's Services and owner select together; everything when there are none. */
  public Selector selectorOf(PodShape pod) {
    List<Requirement> requirements = new ArrayList<>();
    for (Selector service : services.getOrDefault(pod.namespace(), Map.of()).values()) {
      if (service.matches(pod.labels())) {
        requirements.addAll(service.requirements());
      }
    }
    Owner owner = pod.owner();
    Selector own = owners.get(key(pod.namespace(), owner.kind(), owner.name()));
    if (own != null) {
      requirements.addAll(own.requirements());
    }
    return new Selector(false, requirements.stream().distinct().toList());
  }
}
