package io.troupe.persistence.cache;

import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pcollections.TreePMap;

/**
 * The objects of one type and its recent changes. One thread changes it at a time; any thread
 * reads.
 */
final class TypeTable {
  static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::namespace).thenComparing(ObjectKey::name);
  private static final int RECENT_MAX = 4096;
  private static final int RECENT_BYTES_MAX = 8 << 20;

  /** A version of the table: right from {@code changedAt} on until the next change. */
  static final class Version {
    private record Listing(String namespace, List<CachedObject> objects) {}

    private final long changedAt;
    private final TreePMap<ObjectKey, CachedObject> objects;
    // The pages of a list, and lists of what seldom changes, walk the map once.
    private volatile SoftReference<Listing> newest = new SoftReference<>(null);

    Version(long changedAt, TreePMap<ObjectKey, CachedObject> objects) {
      this.changedAt = changedAt;
      this.objects = objects;
    }

    long changedAt() {
      return changedAt;
    }

    TreePMap<ObjectKey, CachedObject> objects() {
      return objects;
    }

    List<CachedObject> in(String namespace) {
      Listing known = newest.get();
      if (known == null || !known.namespace().equals(namespace)) {
        known = new Listing(namespace, Collections.unmodifiableList(walk(namespace)));
        newest = new SoftReference<>(known);
      }
      return known.objects();
    }

    private List<CachedObject> walk(String namespace) {
      if (namespace.isEmpty()) {
        return new ArrayList<>(objects.values());
      }
      // U+0000 sorts before any name's first character, so this is the range's end.
      var from = new ObjectKey(null, namespace, "");
      var to = new ObjectKey(null, namespace + "\0", "");
      return new ArrayList<>(objects.subMap(from, to).values());
    }
  }

  private final CopyOnWriteArrayList<CacheWatch> watches = new CopyOnWriteArrayList<>();
  private volatile Version version;

  // Guarded by this: a ring of the newest changes, complete for revisions after floor.
  private final CachedChange[] recent = new CachedChange[RECENT_MAX];
  private int start;
  private int size;
  private long bytes;
  private long floor;

  /** A table whose past before {@code floor} is not in memory. */
  TypeTable(long floor) {
    this.floor = floor;
    version = new Version(0, TreePMap.empty(ORDER));
  }

  Version version() {
    return version;
  }

  List<CacheWatch> watches() {
    return watches;
  }

  /** Loads an object at the start, before anything is read. */
  void load(CachedObject object) {
    version =
        new Version(
            Math.max(version.changedAt(), object.revision()),
            version.objects().plus(object.key(), object));
  }

  void apply(List<CachedChange> changes) {
    TreePMap<ObjectKey, CachedObject> objects = version.objects();
    for (CachedChange change : changes) {
      objects =
          change.after() == null
              ? objects.minus(change.last().key())
              : objects.plus(change.after().key(), change.after());
    }
    synchronized (this) {
      changes.forEach(this::remember);
      version = new Version(changes.getLast().revision(), objects);
    }
  }

  private void remember(CachedChange change) {
    int added = weight(change);
    while (size == RECENT_MAX || (size > 0 && bytes + added > RECENT_BYTES_MAX)) {
      CachedChange oldest = recent[start];
      recent[start] = null;
      floor = oldest.revision();
      bytes -= weight(oldest);
      start = (start + 1) % RECENT_MAX;
      size--;
    }
    recent[(start + size) % RECENT_MAX] = change;
    bytes += added;
    size++;
  }

  /** What the change alone keeps in memory: its after is counted where it is replaced. */
  private static int weight(CachedChange change) {
    return (change.before() == null ? 0 : change.before().json().length) + 64;
  }

  /** Changes after the revision; null when they are not all in memory. */
  synchronized List<CachedChange> changesAfter(long revision) {
    if (revision < floor) {
      return null;
    }
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).revision() <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<CachedChange> changes = new ArrayList<>(size - low);
    for (int i = low; i < size; i++) {
      changes.add(at(i));
    }
    return changes;
  }

  /** The table as it was at a revision; null when that is not in memory. */
  Version versionAt(long revision) {
    Version newest;
    List<CachedChange> undo;
    synchronized (this) {
      newest = version;
      undo = changesAfter(revision);
    }
    if (undo == null) {
      return null;
    }
    if (undo.isEmpty()) {
      return newest;
    }
    TreePMap<ObjectKey, CachedObject> objects = newest.objects();
    for (CachedChange change : undo.reversed()) {
      objects =
          change.before() == null
              ? objects.minus(change.after().key())
              : objects.plus(change.before().key(), change.before());
    }
    return new Version(Math.min(revision, newest.changedAt()), objects);
  }

  private CachedChange at(int index) {
    return recent[(start + index) % RECENT_MAX];
  }
}
