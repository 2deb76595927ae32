package io.troupe.persistence.store;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.ObjectKey;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Every object of the cluster in this JVM's memory, in commit order. All methods are safe for any
 * thread and do not block.
 */
public interface WatchCache {

  /**
   * Objects of one type (and namespace, unless it was ""), sorted by namespace and name, as they
   * were at a revision.
   */
  record Snapshot(long revision, List<CachedObject> objects) {}

  /** The newest revision that this cache has applied. */
  long revision();

  /** Completes when the cache has applied the revision; fails when that takes too long. */
  CompletionStage<Long> reached(long revision);

  /** The object now, or null. */
  CachedObject find(ObjectKey key);

  /** The type now. */
  Snapshot snapshot(GroupResource type, String namespace);

  /**
   * The type at a past revision, for later pages of a list and exact reads: from memory while it is
   * recent, else from the journal.
   */
  CompletionStage<Snapshot> snapshotAt(GroupResource type, String namespace, long revision);

  /**
   * Delivers every change of the type (and namespace, unless it is "") after the revision, in
   * order, in batches, from memory or the journal; then live. {@code onBatch} is called by one
   * thread at a time and must not block. {@code onProgress} gets revisions up to which nothing more
   * will come (for bookmarks), after their batch.
   */
  Subscription watch(
      GroupResource type,
      String namespace,
      long afterRevision,
      Consumer<List<CachedChange>> onBatch,
      Consumer<Long> onProgress);

  /** The same contents for controllers, schedulers and deciders. */
  ClusterView view();
}
