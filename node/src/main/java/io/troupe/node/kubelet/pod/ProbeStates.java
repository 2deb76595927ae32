package io.troupe.node.kubelet.pod;

import java.util.HashMap;
import java.util.Map;

/** The standing results of probes by container id. Absent means not probed yet. */
public record ProbeStates(Map<Key, Boolean> results) {
  public static final ProbeStates NONE = new ProbeStates(Map.of());

  /** The three kinds of probe. */
  public enum Kind {
    STARTUP("startupProbe", "Startup"),
    LIVENESS("livenessProbe", "Liveness"),
    READINESS("readinessProbe", "Readiness");

    private final String field;
    private final String title;

    Kind(String field, String title) {
      this.field = field;
      this.title = title;
    }

    /** The field of the container's spec. */
    public String field() {
      return field;
    }

    public String title() {
      return title;
    }
  }

  /** A probe of one container. */
  public record Key(String containerId, Kind kind) {}

  public ProbeStates {
    results = Map.copyOf(results);
  }

  public ProbeStates with(String containerId, Kind kind, boolean success) {
    Map<Key, Boolean> changed = new HashMap<>(results);
    changed.put(new Key(containerId, kind), success);
    return new ProbeStates(changed);
  }

  public boolean failed(String containerId, Kind kind) {
    return Boolean.FALSE.equals(results.get(new Key(containerId, kind)));
  }

  public boolean succeeded(String containerId, Kind kind) {
    return Boolean.TRUE.equals(results.get(new Key(containerId, kind)));
  }

  /** Whether a container has begun to serve: it has no startup probe, or passed it. */
  public boolean started(ContainerState state, com.fasterxml.jackson.databind.JsonNode spec) {
    return state.isRunning()
        && (!PodSpec.hasProbe(spec, Kind.STARTUP.field()) || succeeded(state.id(), Kind.STARTUP));
  }

  public boolean ready(ContainerState state, com.fasterxml.jackson.databind.JsonNode spec) {
    return started(state, spec)
        && (!PodSpec.hasProbe(spec, Kind.READINESS.field())
            || succeeded(state.id(), Kind.READINESS));
  }
}
