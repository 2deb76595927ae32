package io.troupe.control.scheduler.snapshot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The domains of one topology key: which value each node has, as small numbers. */
public final class Topology {
  public static final String HOSTNAME = "kubernetes.io/hostname";
  public static final String ZONE = "topology.kubernetes.io/zone";
  public static final int NONE = -1;

  private final String key;
  private final Map<String, Integer> ids = new HashMap<>();
  private int[] domainOf = new int[0];

  Topology(String key) {
    this.key = key;
  }

  public String key() {
    return key;
  }

  /** The node's domain, {@link #NONE} when it lacks the label. */
  public int domain(int slot) {
    return slot < domainOf.length ? domainOf[slot] : NONE;
  }

  /** Domains are numbered below this. */
  public int size() {
    return ids.size();
  }

  void set(int slot, String value) {
    if (slot >= domainOf.length) {
      int length = domainOf.length;
      domainOf = Arrays.copyOf(domainOf, Math.max(slot + 1, length * 2));
      Arrays.fill(domainOf, length, domainOf.length, NONE);
    }
    domainOf[slot] = value == null ? NONE : ids.computeIfAbsent(value, v -> ids.size());
  }
}
