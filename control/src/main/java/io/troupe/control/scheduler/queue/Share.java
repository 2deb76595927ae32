package io.troupe.control.scheduler.queue;

import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.SpreadConstraint;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which pods this zone's scheduler places: those whose owner hashes to it among the live zones
 * (rendezvous hashing, so that a zone that goes hands its own share over and nothing else moves).
 *
 * @param isActive false while an older member of the zone schedules for it
 */
public record Share(String zone, Set<String> zones, boolean isActive) {

  public Share {
    TreeSet<String> all = new TreeSet<>(zones);
    all.add(zone);
    zones = Set.copyOf(all);
  }

  public static Share all(String zone) {
    return new Share(zone, Set.of(), true);
  }

  public boolean holds(PodInfo pod) {
    if (!isActive || zones.size() == 1) {
      return isActive;
    }
    String key = key(pod);
    long mine = weight(zone, key);
    for (String other : zones) {
      long weight = weight(other, key);
      if (weight > mine || (weight == mine && other.compareTo(zone) < 0)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Pods of one owner are placed by one mind; so are all pods of a namespace that must be near to,
   * apart from or spread among others, since those others may be anybody's.
   */
  private static String key(PodInfo pod) {
    PodShape shape = pod.shape();
    boolean isBoundToOthers =
        !shape.affinities().required().isEmpty()
            || !shape.affinities().requiredAnti().isEmpty()
            || shape.spread().stream().anyMatch(SpreadConstraint::isHard);
    if (isBoundToOthers) {
      return pod.namespace();
    }
    return shape.owner().uid().isEmpty() ? pod.uid() : shape.owner().uid();
  }

  private static long weight(String zone, String key) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < key.length() + zone.length(); i++) {
      char c = i < key.length() ? key.charAt(i) : zone.charAt(i - key.length());
      hash = (hash ^ c) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    return hash ^ (hash >>> 29);
  }
}
