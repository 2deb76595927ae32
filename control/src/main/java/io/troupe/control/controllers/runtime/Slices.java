package io.troupe.control.controllers.runtime;

import io.troupe.control.controllers.Key;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Which share of the keys this process works on: slices by a hash of the namespace, or of the name
 * for cluster-scoped objects, so that a namespace is worked on by one process at a time.
 */
public final class Slices {
  private final int count;
  private final Set<Integer> owned = ConcurrentHashMap.newKeySet();

  public Slices(int count) {
    this.count = count;
  }

  /** One slice, owned: a process that works alone. */
  public static Slices all() {
    Slices slices = new Slices(1);
    slices.owned.add(0);
    return slices;
  }

  public int count() {
    return count;
  }

  public int of(Key key) {
    int hash = key.shard().hashCode();
    return Math.floorMod(hash ^ (hash >>> 16), count);
  }

  public boolean owns(Key key) {
    return owned.contains(of(key));
  }

  void own(int slice) {
    owned.add(slice);
  }

  void disown(int slice) {
    owned.remove(slice);
  }

  Set<Integer> owned() {
    return Set.copyOf(owned);
  }

  static Slices owning(int count, IntStream slices) {
    Slices made = new Slices(count);
    slices.forEach(made.owned::add);
    return made;
  }
}
